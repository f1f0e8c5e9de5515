import { describe, expect, it } from '@jest/globals';
import { CardBodies } from '../../src/render/html/card-bodies.js';
import { cardBodies } from '../support/page-data.js';

/** A section of this many cards, of which every tenth is open. */
function sectionOf(count: number): { cards: string[]; data: string } {
  const bodies = new CardBodies(count);
  const cards = Array.from({ length: count }, (_, index) =>
    bodies.html({
      summary: `card ${index}`,
      body: `<p>body ${index}</p>`,
      isOpen: index % 10 === 0,
      attributes: '',
    }),
  );
  return { cards, data: bodies.data() };
}

describe('the bodies of the cards of a section', () => {
  it('are all in the page if there are a hundred cards', () => {
    const { cards, data } = sectionOf(100);
    expect(data).toBe('');
    for (const [index, card] of cards.entries()) {
      expect(card).toContain(`<p>body ${index}</p>`);
      expect(card).not.toContain('data-body');
    }
  });

  it('are in the page or among the data if there are more, where each card finds its own', () => {
    const { cards, data } = sectionOf(101);
    const deferred = cardBodies(data);
    expect(deferred).toHaveLength(90);
    for (const [index, card] of cards.entries()) {
      const body = `<p>body ${index}</p>`;
      const place = /data-body="(\d+)"/u.exec(card)?.[1];
      expect(card.includes(body)).toBe(index % 10 === 0);
      expect(place === undefined ? body : deferred[Number(place)]).toBe(body);
      expect(card.includes(' open>')).toBe(place === undefined);
    }
  });

  it('have no data if all of many cards are open', () => {
    const bodies = new CardBodies(101);
    bodies.html({ summary: 'a', body: 'b', isOpen: true, attributes: '' });
    expect(bodies.data()).toBe('');
  });
});
