import { describe, expect, it } from '@jest/globals';
import { chatLine } from '../../../src/render/format/chat-line.js';

describe('a line of a chat message', () => {
  it.each([
    ['a mention of a channel', '<!channel> hi', '\\u{3c}!channel> hi'],
    ['a link of Slack', '<https://evil.example|Admin>', '\\u{3c}https://evil.example|Admin>'],
    ['a link of Markdown', '[Admin](https://evil.example)', '[Admin]\\u{28}https://evil.example)'],
    ['a reference of Markdown', '[Admin][x]', '[Admin]\\u{5b}x]'],
    ['an entity', '&lt;!here&gt; &#60;', '\\u{26}lt;!here\\u{26}gt; \\u{26}#60;'],
    ['a mention of everyone', '@everyone', '\\u{40}everyone'],
    ['a mention inside a word', 'a@everyone b@here', 'a\\u{40}everyone b\\u{40}here'],
    ['a mention of a person', 'ask (@ana)', 'ask (\\u{40}ana)'],
    ['a line of its own', 'a\n• Approved', 'a\\n• Approved'],
  ])('shows the marks of %s', (_, text, line) => {
    expect(chatLine(text)).toBe(line);
  });

  it.each(['ana@acme.com', 'bo@here.com', 'Sales & Ops; EU', 'C++ > C (old)', 'role "Team [EU] (1)"'])(
    'leaves other text as it is: %s',
    (text) => {
      expect(chatLine(text)).toBe(text);
    },
  );
});
