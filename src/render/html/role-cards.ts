import { unifiedDiff } from '../facts/line-diff.js';
import { elsewhere, memberGroups, roleCounts, whoAndEnd, type MemberGroup } from '../facts/member-groups.js';
import { ownerGroups, type Grouping, type OwnerGroup } from '../facts/owners.js';
import { roleLabelText } from '../facts/role-labels.js';
import { RISK_LEVELS } from '../facts/risks.js';
import { roleViews, type RoleView } from '../facts/role-views.js';
import { cut, formatNumber, plural, signed } from '../format/phrases.js';
import { vocabularyOf, type PlanDocument, type Vocabulary } from '../vocabulary.js';
import { cardControls } from './controls.js';
import { escapeHtml, lineHtml, nameHtml, pillHtml, riskPill } from './escape.js';
import { CardBodies, type Card } from './card-bodies.js';
import { personHtml } from './people.js';

/** The most people named in a card; the list of all moves has the rest. */
const MOST_PEOPLE = 30;

/** Up to this many cards are open initially. */
const OPEN_CARDS = 4;

/** Beyond this many, cards have no gaps between them. */
const STACKED_CARDS = 8;

/** One folded card per role, the riskiest first, with a filter. Null if there are no roles. */
export function rolesSection(document: PlanDocument, groupBy?: Grouping): string | null {
  const vocabulary = vocabularyOf(document);
  const views = roleViews(document);
  if (views.length === 0) return null;
  const open = views.length <= OPEN_CARDS;
  const bodies = new CardBodies(views.length);
  const cards = (roles: readonly RoleView[]): string =>
    stackHtml(roles.map((view) => bodies.html(roleCard(view, open, vocabulary))));
  const controls = cardControls({
    placeholder: 'role, grant or person',
    count: plural(views.length, 'role'),
    open,
    filters: riskFilter(views),
  });
  const stacks =
    groupBy === undefined ? [cards(views)] : ownerGroups(views).map((group) => groupOfOwner(group, cards));
  return `<div data-cards>
${controls}
${stacks.join('\n')}
</div>${bodies.data()}`;
}

function stackHtml(cards: readonly string[]): string {
  return `<div${cards.length > STACKED_CARDS ? ' class="stack"' : ''}>${cards.join('\n')}</div>`;
}

function groupOfOwner(
  { owner, roles }: OwnerGroup<RoleView>,
  cards: (roles: readonly RoleView[]) => string,
): string {
  const who = owner === null ? 'No owner' : `Owner ${nameHtml(owner)}`;
  const count = `<span class="soft">${plural(roles.length, 'role')}</span>`;
  return `<div data-group><h3 class="owner">${who} ${count}</h3>${cards(roles)}</div>`;
}

function riskFilter(views: readonly RoleView[]): string {
  const levels = RISK_LEVELS.filter((level) => views.some((view) => view.risk.level === level)).reverse();
  if (levels.length < 2) return '';
  const options = levels.map((level) => `<option value="${level}">${level}</option>`).join('');
  return `<label><span>Risk</span><select><option value="">Any</option>${options}</select></label>`;
}

function roleCard(view: RoleView, isOpen: boolean, vocabulary: Vocabulary): Card {
  const state = vocabulary.roleStates[view.state];
  const liveName =
    view.liveName === null
      ? ''
      : ` <span class="was">${vocabulary.liveName} ${nameHtml(view.liveName)}</span>`;
  const owner = view.owner === null ? '' : ` <span class="was">· owner ${nameHtml(view.owner)}</span>`;
  const pills = [
    ...roleCounts(view).map(({ text, tone }) => pillHtml(text, tone)),
    ...(view.risk.level === 'low' ? [] : [riskPill(view.risk.level)]),
    pillHtml(state.text, state.tone),
  ].join('');
  const inside = [
    reasonsHtml(view),
    descriptionHtml(view),
    grantsHtml(view, vocabulary),
    arrivalsHtml(view),
    ...memberGroups(view).map(groupHtml),
  ].join('');
  return {
    attributes: ` data-level="${view.risk.level}"`,
    summary: `<span class="grow">${nameHtml(view.name)}${liveName}${owner}</span>${pills}`,
    body: inside === '' ? '<p class="soft">No more details.</p>' : inside,
    isOpen,
  };
}

function reasonsHtml(view: RoleView): string {
  const lines = [
    ...view.risks
      .filter(({ reason }) => reason !== '')
      .map(({ level, reason }) => `<li>${riskPill(level)} ${lineHtml(reason)}</li>`),
    ...view.attribution.map((who) => `<li>by ${lineHtml(who)}</li>`),
    ...view.notes.map((note) => `<li>${lineHtml(note)}</li>`),
  ];
  return lines.length > 0 ? `<ul class="notes">${lines.join('')}</ul>` : '';
}

function descriptionHtml({ description }: RoleView): string {
  if (!description) return '';
  const lines = unifiedDiff(description.before, description.after);
  return `<h3>Description</h3>${diffHtml(lines)}`;
}

const SIGN_CLASSES: Readonly<Record<string, string>> = { '+': 'plus', '-': 'minus' };

type DiffLines = readonly { sign: '+' | '-' | ' ' | '…'; text: string }[];

/** Beyond this many lines a list of grants is set in columns. */
const LONG_DIFF = 12;

function diffHtml(lines: DiffLines, columns = false): string {
  const items = lines.map(({ sign, text }) => {
    const className = SIGN_CLASSES[sign];
    const attribute = className === undefined ? '' : ` class="${className}"`;
    return `<li${attribute} data-sign="${sign === '-' ? signed('-') : sign}">${lineHtml(text)}</li>`;
  });
  return `<ul class="diff${columns ? ' columns' : ''}">${items.join('')}</ul>`;
}

function grantsHtml({ grants, startsFrom }: RoleView, vocabulary: Vocabulary): string {
  if (!grants) return '';
  const { added, removed, kept } = grants;
  const start =
    startsFrom === null ? '' : `<p class="soft">It starts with the grants of ${nameHtml(startsFrom)}.</p>`;
  const stay =
    kept.length > 0
      ? `<p class="soft">${plural(kept.length, 'grant')} ${kept.length === 1 ? 'stays' : 'stay'} as ${kept.length === 1 ? 'it is' : 'they are'}.</p>`
      : '';
  const lines = [
    ...removed.map((text) => ({ sign: '-' as const, text })),
    ...added.map((text) => ({ sign: '+' as const, text })),
  ];
  if (lines.length === 0) return `${start}${stay}`;
  const counts = `${formatNumber(added.length)} ${vocabulary.grants.added}, ${formatNumber(removed.length)} ${vocabulary.grants.removed}`;
  return `<h3>Grants: ${counts}</h3>${start}${diffHtml(lines, lines.length > LONG_DIFF)}${stay}`;
}

function arrivalsHtml(view: RoleView): string {
  const { arrivals, name } = view;
  const leavers = leaversHtml(view);
  if (arrivals.length === 0) return leavers === '' ? '' : `<h3>People</h3>${leavers}`;
  const { shown, more } = cut(arrivals, MOST_PEOPLE);
  const lines = shown.map((move) => {
    const why = move.note === '' ? '' : ` <span class="soft">${lineHtml(move.note)}</span>`;
    const path = `${roleLabelText(move.from, nameHtml)}<span class="arrow">→</span>${nameHtml(name)}`;
    return `<li>${personHtml(move)}<span>${path}${why}</span></li>`;
  });
  const verb = arrivals.length === 1 ? 'moves here' : 'move here';
  return `<h3>${plural(arrivals.length, 'person', 'people')} ${verb}</h3><ul class="moves">${lines.join('')}</ul>${morePeopleHtml(more)}${leavers}`;
}

function leaversHtml({ leavers }: RoleView): string {
  return leavers
    .map(({ role, people }) => {
      const verb = people === 1 ? 'leaves for' : 'leave for';
      return `<p>${plural(people, 'person', 'people')} ${verb} ${roleLabelText(role, nameHtml)}</p>`;
    })
    .join('');
}

function morePeopleHtml(more: number): string {
  return more > 0
    ? `<p class="soft">and ${formatNumber(more)} more, in <a href="#people">the list of all people</a></p>`
    : '';
}

function groupHtml({ title, people }: MemberGroup): string {
  const { shown, more } = cut(people, MOST_PEOPLE);
  const lines = shown.map(
    (one) => `<li><bdi>${escapeHtml(whoAndEnd(one))}</bdi><span>${elsewhere(one, nameHtml)}</span></li>`,
  );
  return `<h3>${plural(people.length, 'person', 'people')} ${title}</h3><ul class="moves">${lines.join('')}</ul>${morePeopleHtml(more)}`;
}
