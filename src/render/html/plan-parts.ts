import type { Impact, PlanPerson, PlanWarning, Refusal } from '../../plan/plan.js';
import { acceptedItems, acceptedText } from '../facts/accepted.js';
import { heldGrants, NOTE_HEADINGS, placeText, unmanagedCounts, warningGroups } from '../facts/notes.js';
import { policyNotices, type PolicyNotice } from '../facts/policy-notices.js';
import { allowedOf, reasonText, refusalFacts, refusalsOf } from '../facts/refusal-facts.js';
import { riskText } from '../facts/risks.js';
import { roleLabelText } from '../facts/role-labels.js';
import { rolesOf, settingViews, type SettingValue } from '../facts/settings.js';
import { cut, formatNumber, plural, signed } from '../format/phrases.js';
import { vocabularyOf, type PlanDocument, type Tone, type Vocabulary } from '../vocabulary.js';
import { cardControls } from './controls.js';
import { CardBodies, type Card } from './card-bodies.js';
import { moreHtml, peopleList, personHtml } from './people.js';
import { codeHtml, lineHtml, nameHtml, pillHtml, riskPill } from './escape.js';

const NOTICE_PILLS: Readonly<Record<PolicyNotice['code'], { text: string; tone: Tone }>> = {
  'policy-file': { text: 'policy file', tone: '' },
  'policy-override': { text: 'by the file', tone: '' },
  'weakened-guard': { text: 'weaker guard', tone: 'bad' },
  'rule-in-force': { text: 'rule', tone: '' },
  'accepted-drift': { text: 'accepted', tone: 'warn' },
};

/** The policy file, guards weaker than their defaults, rules, and accepted drift. */
export function policySection(document: PlanDocument): string | null {
  const notices = policyNotices(document).map(({ code, text: notice }) => {
    const { text, tone } = NOTICE_PILLS[code];
    return `<p class="note">${pillHtml(text, tone)} ${lineHtml(notice)}</p>`;
  });
  return notices.length > 0 ? notices.join('\n') : null;
}

/** Refusals, then those that flags have allowed. */
export function refusalSection(document: PlanDocument): string | null {
  const cards = [
    ...refusalsOf(document).map((refusal) => refusalCard(refusal, null)),
    ...allowedOf(document).map((refusal) => refusalCard(refusal, reasonText(refusal))),
  ];
  return cards.length > 0 ? cards.join('\n') : null;
}

function refusalCard(refusal: Refusal, reason: string | null): string {
  const facts = refusalFacts(refusal).map(({ label, value, code }) => {
    if (value === '') return `<div><dt>${label}</dt><dd></dd></div>`;
    return `<div><dt>${label}</dt><dd>${code ? codeHtml(value) : lineHtml(value)}</dd></div>`;
  });
  const { shown, more } = cut(refusal.items, 40);
  const items = shown.length > 0 ? peopleList(shown.map(nameHtml)) : '';
  const hint = refusal.hint === null ? '' : `<p class="soft">${lineHtml(refusal.hint)}</p>`;
  const allowed = reason === null ? '' : `<p>${NOTE_HEADINGS.allowed}: ${lineHtml(reason)}</p>`;
  const pill = reason === null ? pillHtml('refused', 'bad') : pillHtml('allowed', 'warn');
  const className = reason === null ? 'refusal' : 'refusal allowed';
  return `<article class="${className}"><h3>${codeHtml(refusal.code)} ${pill}</h3><p>${lineHtml(refusal.message)}</p>${allowed}${items}${moreHtml(more)}${hint}<dl class="facts">${facts.join('')}</dl></article>`;
}

/** The most names per grant; more for protected ones. */
const MOST_NAMES = { protected: 1000, other: 100 };

/** Gains and losses: protected grants first and unfolded. */
export function impactSection(document: PlanDocument): string | null {
  const vocabulary = vocabularyOf(document);
  const entries = document.impact.filter((entry) => entry.gainCount + entry.loseCount > 0);
  if (entries.length === 0) return null;
  const bodies = new CardBodies(entries.length);
  const cardOf = (entry: Impact): string => bodies.html(impactCard(entry, vocabulary));
  const critical = entries.filter((entry) => entry.protected);
  const others = entries.filter((entry) => !entry.protected);
  const head =
    critical.length > 0
      ? `<h3>Protected grants</h3>${critical.map(cardOf).join('\n')}`
      : '<p class="soft">No protected grant changes hands.</p>';
  if (others.length === 0) return head;
  const controls = cardControls({
    placeholder: 'grant, title or person',
    count: plural(others.length, 'grant'),
    open: false,
  });
  return `${head}<h3>Other grants</h3><div data-cards>${controls}
<div class="stack">${others.map(cardOf).join('\n')}</div></div>${bodies.data()}`;
}

interface ImpactSide {
  label: string;
  sign: '+' | '-';
  tone: Tone;
  people: readonly PlanPerson[];
  count: number;
}

function impactCard(entry: Impact, { impact }: Vocabulary): Card {
  const sides: ImpactSide[] = [
    { ...impact.gains, people: entry.gains, count: entry.gainCount },
    { ...impact.loses, people: entry.loses, count: entry.loseCount },
  ].filter(({ count }) => count > 0);
  const pills = [
    ...(entry.protected ? [pillHtml('protected', 'bad')] : []),
    ...sides.map(({ sign, tone, count }) => pillHtml(signed(sign, plural(count, 'person', 'people')), tone)),
  ];
  const title = entry.title === null ? '' : ` <span class="was">${lineHtml(entry.title)}</span>`;
  return {
    summary: `<span class="grow">${codeHtml(entry.grant)}${title}</span>${pills.join('')}`,
    body: sides.map((side) => namesHtml(entry, side)).join(''),
    isOpen: entry.protected,
    attributes: '',
  };
}

function namesHtml(entry: Impact, { label, people, count }: ImpactSide): string {
  const { shown } = cut(people, entry.protected ? MOST_NAMES.protected : MOST_NAMES.other);
  const list = peopleList(shown.map(personHtml));
  const head = `<p>${label} ${plural(count, 'person', 'people')}</p>`;
  const rest = moreHtml(count - shown.length);
  if (shown.length <= 80) return `${head}${list}${rest}`;
  const region = `tabindex="0" role="region" aria-label="${lineHtml(`${entry.grant} ${label}`)}"`;
  return `${head}<div class="scroll low" ${region}>${list}${rest}</div>`;
}

/** Default role and allowlist. */
export function settingsSection(document: PlanDocument): string | null {
  const cards = settingViews(document).map(({ label, from, to, risk, attribution }) => {
    const riskLine = riskText(risk);
    const pill = riskLine === null ? '' : riskPill(risk.level);
    const reason = riskLine === null ? '' : `<p class="soft">${lineHtml(riskLine)}</p>`;
    const by = attribution.map((who) => `<p class="soft">by ${lineHtml(who)}</p>`).join('');
    const diff = `<ul class="diff"><li class="minus" data-sign="−">${settingHtml(from)}</li><li class="plus" data-sign="+">${settingHtml(to)}</li></ul>`;
    return `<details class="card" open><summary><span class="grow">${label}</span>${pill}</summary><div class="inside">${diff}${reason}${by}</div></details>`;
  });
  return cards.length > 0 ? cards.join('\n') : null;
}

function settingHtml(value: SettingValue): string {
  return rolesOf(value)
    .map((label) => roleLabelText(label, nameHtml))
    .join(', ');
}

/** Warnings, missing people, accepted drift, unmanaged roles, held grants. */
export function notesSection(document: PlanDocument): string | null {
  const groups: [string, string[]][] = [
    [NOTE_HEADINGS.warnings, warningItems(document)],
    [NOTE_HEADINGS.missingPeople, document.missingPeople.map(nameHtml)],
    [
      NOTE_HEADINGS.accepted,
      document.accepted.map((entry) => {
        const items = acceptedItems(entry).map((item) => `<li>${lineHtml(item)}</li>`);
        return `${lineHtml(acceptedText(entry))}${items.length > 0 ? `<ul>${items.join('')}</ul>` : ''}`;
      }),
    ],
    [
      NOTE_HEADINGS.unmanaged,
      document.unmanaged.roles.map(
        (role) => `${nameHtml(role.name)} <span class="soft">id ${role.id}, ${unmanagedCounts(role)}</span>`,
      ),
    ],
    [
      NOTE_HEADINGS.held,
      heldGrants(document).map(
        ({ role, grant, neededBy }) =>
          `${nameHtml(role)}: ${codeHtml(grant)} for ${neededBy.map(codeHtml).join(', ')}`,
      ),
    ],
  ];
  const html = groups.map(([heading, items]) => noteGroup(heading, items)).join('');
  return html === '' ? null : html;
}

/** Warnings by code, some of each. */
function warningItems({ warnings }: PlanDocument): string[] {
  return warningGroups(warnings, 50).flatMap(({ code, shown, more }) => [
    ...shown.map((warning) => warningHtml(warning, 'warn')),
    ...(more > 0
      ? [`${pillHtml(code, 'warn')} <span class="soft">and ${formatNumber(more)} more</span>`]
      : []),
  ]);
}

function noteGroup(heading: string, items: readonly string[]): string {
  if (items.length === 0) return '';
  const { shown, more } = cut(items, 300);
  const rest = more > 0 ? `<li class="soft">and ${formatNumber(more)} more</li>` : '';
  return `<h3>${heading}</h3><ul class="notes">${shown.map((item) => `<li>${item}</li>`).join('')}${rest}</ul>`;
}

/** Problems, or broken rules, as a list; null if there are none. */
export function problemsSection(problems: readonly PlanWarning[]): string | null {
  const items = problems.map((one) => `<li>${warningHtml(one, 'bad')}</li>`);
  return items.length > 0 ? `<ul class="notes">${items.join('')}</ul>` : null;
}

function warningHtml(warning: PlanWarning, tone: 'warn' | 'bad'): string {
  const place = placeText(warning);
  const where = place === '' ? '' : ` ${codeHtml(place)}`;
  const hint = warning.hint === null ? '' : `<br><span class="soft">${lineHtml(warning.hint)}</span>`;
  return `${pillHtml(warning.code, tone)} ${lineHtml(warning.message)}${where}${hint}`;
}
