import { dataElement } from './data.js';

/** With more cards than this, closed cards get their body when they are opened. */
const MANY_CARDS = 100;

/** A card. Its parts are trusted HTML: their text is already escaped. */
export interface Card {
  summary: string;
  body: string;
  isOpen: boolean;
  /** More attributes, each with a space before it. */
  attributes: string;
}

/** The bodies of the cards of a section. If there are many cards, the bodies of closed ones are data of the section. */
export class CardBodies {
  readonly #areMany: boolean;
  readonly #deferred: string[] = [];

  constructor(cards: number) {
    this.#areMany = cards > MANY_CARDS;
  }

  /** The HTML of a card. */
  html({ summary, body, isOpen, attributes }: Card): string {
    const isDeferred = this.#areMany && !isOpen;
    const index = isDeferred ? ` data-body="${this.#deferred.push(body) - 1}"` : '';
    const inside = isDeferred ? '' : `<div class="inside">${body}</div>`;
    return `<details class="card"${attributes}${index}${isOpen ? ' open' : ''}><summary>${summary}</summary>${inside}</details>`;
  }

  /** The element that holds the deferred bodies; '' if there are none. It belongs in the section of the cards. */
  data(): string {
    return this.#deferred.length > 0 ? dataElement('class="bodies"', this.#deferred) : '';
  }
}
