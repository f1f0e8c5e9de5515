import { variableSuffix } from '../../model/instance-name.js';

/** A text about an instance. */
export interface InstanceText {
  instance: string;
  text: string;
}

/** Words that may be the name of an instance, or end with that of its variables: "eu" is no word of "neutral" or "eu-west". */
const WORD = /([a-z0-9-]+|(?<=[A-Z])_[A-Z0-9_]+)/u;

/** The part of a text that alike ones share: it leaves out the words that may be a name. `names` has those of all instances. */
export function frameOf(text: string, names: ReadonlySet<string>): string {
  return text
    .split(WORD)
    .map((word, index) => (index % 2 === 1 && (word.startsWith('_') || names.has(word)) ? 'NAME' : word))
    .join('');
}

/** Are two texts equal but for the name of their instance, where each has its own? */
export function areAlike(one: InstanceText, other: InstanceText): boolean {
  const words = one.text.split(WORD);
  const others = other.text.split(WORD);
  return (
    words.length === others.length &&
    words.every((word, index) => {
      const same = others[index] as string;
      if (word === same) return true;
      const own = withoutName(word, one.instance);
      return own !== word && own === withoutName(same, other.instance);
    })
  );
}

/**
 * One text for several alike ones, with NAME where they differ. A word that all of them have is no name, even if an instance is
 * called so.
 */
export function sharedText(texts: readonly [InstanceText, ...InstanceText[]]): string {
  const [{ instance, text }, ...others] = texts;
  const words = others.map((one) => one.text.split(WORD));
  return text
    .split(WORD)
    .map((word, index) => (words.every((one) => one[index] === word) ? word : withoutName(word, instance)))
    .join('');
}

/** A word with NAME in place of the name of an instance, or of that of its variables. */
function withoutName(word: string, name: string): string {
  if (word === name) return 'NAME';
  const suffix = variableSuffix(name);
  return word.endsWith(suffix) ? `${word.slice(0, -suffix.length)}_NAME` : word;
}
