import { memberGroups, type MemberGroup } from '../facts/member-groups.js';
import { escapeHtml, lineHtml, nameHtml } from './escape.js';
import { RISK_LEVELS, roleViews, type RoleView } from '../facts/role-views.js';
import { unifiedDiff } from '../facts/line-diff.js';
import { cut, figure, personLabel, plural } from '../format/phrases.js';
import type { PlanDocument } from '../vocabulary.js';

/** People named in a card; the list of everybody has the rest. */
const MOST_PEOPLE = 30;

const TAGS = {
  plan: { new: ['new role', 'good'], changed: ['changes', ''], deleted: ['will be deleted', 'bad'] },
  drift: {
    new: ['not on the instance', 'bad'],
    changed: ['differs', 'warn'],
    deleted: ['should not be live', 'warn'],
  },
} as const;

/** One folded card a role, the riskiest first, with a filter. Null where no role is touched. */
export function rolesSection(document: PlanDocument): string | null {
  const drift = document.kind === 'drift';
  const views = roleViews(document);
  if (views.length === 0) return null;
  const levels = drift
    ? []
    : RISK_LEVELS.filter((level) => views.some((view) => view.risk.level === level)).reverse();
  const options = levels.map((level) => `<option value="${level}">${level}</option>`).join('');
  const select =
    levels.length > 1
      ? `<label><span>Risk</span><select><option value="">Any</option>${options}</select></label>`
      : '';
  const open = views.length <= 4 ? ' open' : '';
  const cards = views.map((view) => card(view, { drift, open }));
  return `<div data-cards>
<div class="controls"><label class="search"><span>Search</span><input type="search" autocomplete="off" spellcheck="false" placeholder="role, grant or person"></label>${select}<button type="button" aria-pressed="${open !== ''}">${open === '' ? 'Open all' : 'Close all'}</button><output aria-live="polite">${plural(views.length, 'role')}</output></div>
<div${views.length > 8 ? ' class="stack"' : ''}>${cards.join('\n')}</div>
</div>`;
}

function card(view: RoleView, { drift, open }: { drift: boolean; open: string }): string {
  const [tag, look] = TAGS[drift ? 'drift' : 'plan'][view.state];
  const was =
    view.liveName === null
      ? ''
      : ` <span class="was">${drift ? 'is called' : 'was'} ${nameHtml(view.liveName)}</span>`;
  const risk = drift || view.risk.level === 'low' ? '' : riskPill(view.risk.level);
  const added = view.grants?.added.length ?? 0;
  const removed = view.grants?.removed.length ?? 0;
  const pills = [
    ...(added > 0 ? [`<span class="pill good">+${plural(added, 'grant')}</span>`] : []),
    ...(removed > 0 ? [`<span class="pill bad">−${plural(removed, 'grant')}</span>`] : []),
    ...(view.arrivals.length > 0
      ? [`<span class="pill">${plural(view.arrivals.length, 'person', 'people')} in</span>`]
      : []),
    ...(drift
      ? memberGroups(view).map(
          ({ label, people }) =>
            `<span class="pill ${label === 'missing' ? '' : 'bad'}">${plural(people.length, 'person', 'people')} ${label}</span>`,
        )
      : []),
    risk,
    `<span class="pill ${look}">${tag}</span>`,
  ];
  const inside = [reasons(view, drift), description(view), grants(view, drift), members(view, drift)].join(
    '',
  );
  return `<details class="card" data-level="${view.risk.level}"${open}><summary><span class="grow">${nameHtml(view.name)}${was}</span>${pills.join('')}</summary><div class="inside">${inside === '' ? '<p class="soft">Nothing more to tell.</p>' : inside}</div></details>`;
}

function riskPill(level: RoleView['risk']['level']): string {
  return `<span class="pill ${level === 'medium' ? 'warn' : 'bad'}">${level} risk</span>`;
}

function reasons(view: RoleView, drift: boolean): string {
  const risks = drift
    ? []
    : view.risks
        .filter(({ reason }) => reason !== '')
        .map(({ level, reason }) => `<li>${riskPill(level)} ${lineHtml(reason)}</li>`);
  const lines = [
    ...risks,
    ...view.attribution.map((who) => `<li>by ${lineHtml(who)}</li>`),
    ...view.notes.map((note) => `<li>${lineHtml(note)}</li>`),
  ];
  return lines.length > 0 ? `<ul class="notes">${lines.join('')}</ul>` : '';
}

function description(view: RoleView): string {
  if (!view.description) return '';
  const lines = unifiedDiff(view.description.before, view.description.after);
  return `<h3>Description</h3>${diffHtml(lines.map((line) => ({ sign: line.sign, text: line.text })))}`;
}

const SIGNS: Readonly<Record<string, { look: string; shown: string }>> = {
  '+': { look: 'plus', shown: '+' },
  '-': { look: 'minus', shown: '−' },
};

function diffHtml(lines: readonly { sign: string; text: string }[], wide = false): string {
  const items = lines.map(({ sign, text }) => {
    const known = SIGNS[sign];
    const attributes = known
      ? ` class="${known.look}" data-sign="${known.shown}"`
      : ` data-sign="${escapeHtml(sign)}"`;
    return `<li${attributes}>${lineHtml(text)}</li>`;
  });
  return `<ul class="diff${wide ? ' columns' : ''}">${items.join('')}</ul>`;
}

function grants(view: RoleView, drift: boolean): string {
  if (!view.grants) return '';
  const { added, removed, kept } = view.grants;
  const start =
    view.startsFrom === null || drift
      ? ''
      : `<p class="soft">It starts with the grants of ${nameHtml(view.startsFrom)}.</p>`;
  const lines = [
    ...removed.map((text) => ({ sign: '-', text })),
    ...added.map((text) => ({ sign: '+', text })),
  ];
  const stay =
    kept.length > 0
      ? `<p class="soft">${plural(kept.length, 'grant')} ${kept.length === 1 ? 'stays' : 'stay'} as ${kept.length === 1 ? 'it is' : 'they are'}.</p>`
      : '';
  if (lines.length === 0) return `${start}${stay}`;
  const words = drift
    ? `${figure(added.length)} only live, ${figure(removed.length)} missing`
    : `${figure(added.length)} added, ${figure(removed.length)} taken away`;
  return `<h3>Grants: ${words}</h3>${start}${diffHtml(lines, lines.length > 12)}${stay}`;
}

function members(view: RoleView, drift: boolean): string {
  if (drift) return memberGroups(view).map(groupHtml).join('');
  const leavers = view.leavers.map(
    ({ role, people }) =>
      `<p>${plural(people, 'person', 'people')} ${people === 1 ? 'leaves for' : 'leave for'} ${nameHtml(role)}</p>`,
  );
  if (view.arrivals.length === 0) return leavers.length > 0 ? `<h3>People</h3>${leavers.join('')}` : '';
  const { shown, more } = cut(view.arrivals, MOST_PEOPLE);
  const lines = shown.map((move) => {
    const why = {
      listed: '',
      'taken-out': 'taken out of an exact list',
      'role-deleted': 'their role is deleted',
    }[move.why];
    const path = `${nameHtml(move.from)}<span class="arrow">→</span>${nameHtml(view.name)}`;
    return `<li><bdi>${escapeHtml(personLabel(move))}</bdi><span>${path}${why === '' ? '' : ` <span class="soft">(${why})</span>`}</span></li>`;
  });
  const title = view.arrivals.length === 1 ? 'moves here' : 'move here';
  return `<h3>${plural(view.arrivals.length, 'person', 'people')} ${title}</h3><ul class="moves">${lines.join('')}</ul>${moreHtml(more)}${leavers.join('')}`;
}

function moreHtml(more: number): string {
  return more > 0
    ? `<p class="soft">and ${figure(more)} more, in <a href="#people">the list of everybody</a></p>`
    : '';
}

function groupHtml({ title, people }: MemberGroup): string {
  const { shown, more } = cut(people, MOST_PEOPLE);
  const lines = shown.map(
    ({ who, verb, role }) =>
      `<li><bdi>${escapeHtml(who)}</bdi><span>${verb}${role === null ? '' : ` ${nameHtml(role)}`}</span></li>`,
  );
  return `<h3>${plural(people.length, 'person', 'people')} ${title}</h3><ul class="moves">${lines.join('')}</ul>${moreHtml(more)}`;
}
