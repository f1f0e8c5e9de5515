// Replaces `string-width` in the bundle of the command. The package builds Unicode tables when it is loaded, which takes
// longer than most commands. The width of ASCII text is its length, so it does not need the package.
let measure;

module.exports = (text, options) => {
  if (typeof text === 'string' && /^[ -~]*$/.test(text)) return text.length;
  measure ??= require('string-width').default;
  return measure(text, options);
};
