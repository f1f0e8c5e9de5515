import type { Impact, Plan, PlanPerson, PlanWarning, Refusal } from '../../plan/plan.js';
import { codeHtml, escapeHtml, lineHtml, nameHtml } from './escape.js';
import { acceptedItems, acceptedWords } from '../facts/accepted.js';
import { policyNotices } from '../facts/policy-notices.js';
import { unmanagedText } from '../text/plan-parts.js';
import { attributed, riskWords } from '../facts/role-views.js';
import { cut, figure, personLabel, plural } from '../format/phrases.js';
import { refusalFacts } from '../facts/refusal-facts.js';
import type { PlanDocument } from '../vocabulary.js';

/** What the policy lets through: guards weaker than their defaults, and accepted drift. */
export function policySection(document: PlanDocument): string | null {
  const notices = policyNotices(document);
  if (notices.length === 0) return null;
  const cards = notices.map(
    ({ code, text }) =>
      `<p class="note">${code === 'weakened-guard' ? '<span class="pill bad">weaker guard</span>' : '<span class="pill warn">accepted</span>'} ${lineHtml(text)}</p>`,
  );
  return cards.join('\n');
}

/** Refusals, then the ones that flags have allowed. */
export function refusalSection(document: PlanDocument): string | null {
  if (document.kind === 'drift' || document.refusals.length + document.allowed.length === 0) return null;
  const plan: Plan = document;
  return [
    ...plan.refusals.map((refusal) => refusalCard(refusal, null)),
    ...plan.allowed.map((refusal) => refusalCard(refusal, refusal.reason ?? 'no reason was given')),
  ].join('\n');
}

function refusalCard(refusal: Refusal, reason: string | null): string {
  const facts = refusalFacts(refusal).map((fact) => {
    if (fact.value === '') return `<div><dt>${fact.label}</dt><dd></dd></div>`;
    return `<div><dt>${fact.label}</dt><dd>${fact.code ? codeHtml(fact.value) : lineHtml(fact.value)}</dd></div>`;
  });
  const { shown, more } = cut(refusal.items, 40);
  const items =
    shown.length > 0
      ? `<ul class="people">${shown.map((item) => `<li>${nameHtml(item)}</li>`).join('')}</ul>`
      : '';
  const rest = more > 0 ? `<p class="soft">and ${figure(more)} more</p>` : '';
  const hint = refusal.hint === null ? '' : `<p class="soft">${lineHtml(refusal.hint)}</p>`;
  const said = reason === null ? '' : `<p>Allowed by flag: ${lineHtml(reason)}</p>`;
  const pill =
    reason === null ? '<span class="pill bad">refused</span>' : '<span class="pill warn">allowed</span>';
  return `<article class="refusal${reason === null ? '' : ' allowed'}"><h3>${codeHtml(refusal.code)} ${pill}</h3><p>${lineHtml(refusal.message)}</p>${said}${items}${rest}${hint}<dl class="facts">${facts.join('')}</dl></article>`;
}

/** Names that stand in the page for one grant; protected ones are told nearly in full. */
const MOST_NAMES = { protected: 1000, other: 100 };

/** Who gains and who loses what: protected grants first and open. */
export function impactSection(document: PlanDocument): string | null {
  const drift = document.kind === 'drift';
  const told = document.impact.filter((entry) => entry.gainCount + entry.loseCount > 0);
  if (told.length === 0) return null;
  const guarded = told.filter((entry) => entry.protected);
  const others = told.filter((entry) => !entry.protected);
  const head =
    guarded.length > 0
      ? `<h3>Protected grants</h3>${guarded.map((entry) => impactCard(entry, drift, true)).join('\n')}`
      : '<p class="soft">No protected grant changes hands.</p>';
  if (others.length === 0) return head;
  return `${head}<h3>Other grants</h3><div data-cards><div class="controls"><label class="search"><span>Search</span><input type="search" autocomplete="off" spellcheck="false" placeholder="grant, title or person"></label><button type="button" aria-pressed="false">Open all</button><output aria-live="polite">${plural(others.length, 'grant')}</output></div>
<div class="stack">${others.map((entry) => impactCard(entry, drift, false)).join('\n')}</div></div>`;
}

function impactCard(entry: Impact, drift: boolean, open: boolean): string {
  const words = drift ? ['missing', 'held beyond the manifest'] : ['gained by', 'lost by'];
  const [gains, loses] = drift ? ['bad', 'warn'] : ['good', 'bad'];
  const most = entry.protected ? MOST_NAMES.protected : MOST_NAMES.other;
  const pills = [
    ...(entry.protected ? ['<span class="pill bad">protected</span>'] : []),
    ...(entry.gainCount > 0
      ? [
          `<span class="pill ${gains ?? ''}">${drift ? '−' : '+'}${plural(entry.gainCount, 'person', 'people')}</span>`,
        ]
      : []),
    ...(entry.loseCount > 0
      ? [
          `<span class="pill ${loses ?? ''}">${drift ? '+' : '−'}${plural(entry.loseCount, 'person', 'people')}</span>`,
        ]
      : []),
  ];
  const title = entry.title === null ? '' : ` <span class="was">${lineHtml(entry.title)}</span>`;
  const inside = [
    names(words[0] ?? '', { grant: entry.grant, people: entry.gains, count: entry.gainCount, most }),
    names(words[1] ?? '', { grant: entry.grant, people: entry.loses, count: entry.loseCount, most }),
  ].join('');
  return `<details class="card"${open ? ' open' : ''}><summary><span class="grow">${codeHtml(entry.grant)}${title}</span>${pills.join('')}</summary><div class="inside">${inside}</div></details>`;
}

interface NamesShape {
  grant: string;
  people: readonly PlanPerson[];
  count: number;
  most: number;
}

function names(words: string, { grant, people, count, most }: NamesShape): string {
  if (count === 0) return '';
  const { shown } = cut(people, most);
  const more = count - shown.length;
  const list = shown.map((person) => `<li><bdi>${escapeHtml(personLabel(person))}</bdi></li>`).join('');
  const rest = more > 0 ? `<p class="soft">and ${figure(more)} more</p>` : '';
  const told = `<p>${words} ${plural(count, 'person', 'people')}</p>`;
  if (shown.length <= 80) return `${told}<ul class="people">${list}</ul>${rest}`;
  return `${told}<div class="scroll low" tabindex="0" role="region" aria-label="${lineHtml(`${grant} ${words}`)}"><ul class="people">${list}</ul>${rest}</div>`;
}

/** Default role and allowlist. */
export function settingsSection(document: PlanDocument): string | null {
  const drift = document.kind === 'drift';
  const cards = document.changes.flatMap((change) => {
    if (change.kind !== 'defaultRole.set' && change.kind !== 'allowlist.set') return [];
    const label = change.kind === 'defaultRole.set' ? 'Default role' : 'Roles allowlist';
    const [from, to] = drift ? [change.after, change.before] : [change.before, change.after];
    const risk = drift ? null : riskWords(change.risk);
    const by = attributed(change).map((who) => `<p class="soft">by ${lineHtml(who)}</p>`);
    return [
      `<details class="card" open><summary><span class="grow">${label}</span>${risk === null ? '' : `<span class="pill ${change.risk.level === 'medium' ? 'warn' : 'bad'}">${change.risk.level} risk</span>`}</summary><div class="inside"><ul class="diff"><li class="minus" data-sign="−">${settingWords(from)}</li><li class="plus" data-sign="+">${settingWords(to)}</li></ul>${risk === null ? '' : `<p class="soft">${lineHtml(risk)}</p>`}${by.join('')}</div></details>`,
    ];
  });
  return cards.length > 0 ? cards.join('\n') : null;
}

function settingWords(value: string | readonly string[]): string {
  return typeof value === 'string' ? nameHtml(value) : value.map(nameHtml).join(', ');
}

/** Warnings, missing people, accepted drift, unmanaged roles, held grants. */
export function notesSection(document: PlanDocument): string | null {
  const group = (heading: string, items: readonly string[]): string => {
    if (items.length === 0) return '';
    const { shown, more } = cut(items, 300);
    const rest = more > 0 ? `<li class="soft">and ${figure(more)} more</li>` : '';
    return `<h3>${heading}</h3><ul class="notes">${shown.map((item) => `<li>${item}</li>`).join('')}${rest}</ul>`;
  };
  const warnings = document.warnings.map((warning) => warningHtml(warning, 'warn'));
  const held = document.held.flatMap(({ role, grants }) =>
    grants.map(
      ({ grant, neededBy }) =>
        `${nameHtml(role)}: ${codeHtml(grant)} for ${neededBy.map(codeHtml).join(', ')}`,
    ),
  );
  const html = [
    group('Warnings', warnings),
    group('Listed people who are not on the instance', document.missingPeople.map(nameHtml)),
    group(
      'Accepted drift, left alone',
      document.accepted.map((entry) => {
        const items = acceptedItems(entry).map((item) => `<li>${lineHtml(item)}</li>`);
        return `${lineHtml(acceptedWords(entry))}${items.length > 0 ? `<ul>${items.join('')}</ul>` : ''}`;
      }),
    ),
    group(
      'Roles that the manifest does not name',
      document.unmanaged.roles.map(
        (role) => `${nameHtml(role.name)} <span class="soft">${unmanagedText(role)}</span>`,
      ),
    ),
    group('Held because another grant needs it', held),
  ].join('');
  return html === '' ? null : html;
}

/** What the manifest names and the instance does not have; null where all could be compared. */
export function problemsSection(document: PlanDocument): string | null {
  if (document.kind === 'plan' || document.problems.length === 0) return null;
  const items = document.problems.map((one) => `<li>${warningHtml(one, 'bad')}</li>`);
  return `<ul class="notes">${items.join('')}</ul>`;
}

function warningHtml(warning: PlanWarning, look: 'warn' | 'bad'): string {
  const place = [warning.file, warning.line, warning.column].filter((part) => part !== null).join(':');
  const hint = warning.hint === null ? '' : `<br><span class="soft">${lineHtml(warning.hint)}</span>`;
  return `<span class="pill ${look}">${lineHtml(warning.code)}</span> ${lineHtml(warning.message)}${place === '' ? '' : ` ${codeHtml(place)}`}${hint}`;
}
