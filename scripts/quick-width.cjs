// Stands for `string-width` in the bundle of the command. The package sets up tables of Unicode when it is loaded,
// which takes longer than most commands do; text of plain letters is as wide as it is long.
let measure;

module.exports = (text, options) => {
  if (typeof text === 'string' && /^[ -~]*$/.test(text)) return text.length;
  measure ??= require('string-width').default;
  return measure(text, options);
};
