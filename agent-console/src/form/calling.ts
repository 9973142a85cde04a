/** Calling rules as an editor shows them, and back. What it does not show stays as it was. */
import type { OwnRules } from '../api/calling'

export const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const
export const CAPS = ['perDay', 'perWeek', 'perRound', 'spacing'] as const

/** All texts: hours as 09:30-11:30, 14:00-17:00; blackouts one a line; an empty cap adds nothing. */
export interface RulesForm {
  ownHours: boolean
  hours: Record<(typeof DAYS)[number], string>
  blackouts: string
  caps: Record<(typeof CAPS)[number], string>
  nightEvidence: string
  zone: string
}

function daysOf(text: string): readonly (typeof DAYS)[number][] {
  const [first, last] = text.split('-')
  const from = DAYS.indexOf(first as (typeof DAYS)[number])
  const to = last === undefined ? from : DAYS.indexOf(last as (typeof DAYS)[number])
  return from < 0 ? [] : DAYS.slice(from, to + 1)
}

export function toForm(rules: OwnRules): RulesForm {
  const week = rules.windows?.default
  const hours = Object.fromEntries(DAYS.map((day) => [day, ''])) as RulesForm['hours']
  for (const [days, spans] of Object.entries(week ?? {})) {
    for (const day of daysOf(days)) hours[day] = spans.join(', ')
  }
  return {
    ownHours: week !== undefined,
    hours,
    blackouts: (rules.blackouts ?? []).join('\n'),
    caps: Object.fromEntries(
      CAPS.map((cap) => [cap, String(rules.caps?.[cap] ?? '')])
    ) as RulesForm['caps'],
    nightEvidence: rules.nightEvidence ?? '',
    zone: rules.zone ?? ''
  }
}

const words = (text: string, by: RegExp) =>
  text
    .split(by)
    .map((word) => word.trim())
    .filter((word) => word !== '')

/** Only what the engine understands is made of it; whether it is right, the engine says. */
export function toRules(form: RulesForm, before: OwnRules): OwnRules {
  const rules: OwnRules = { ...before }
  const windows = { ...before.windows }
  delete windows.default
  if (form.ownHours) {
    windows.default = Object.fromEntries(DAYS.map((day) => [day, words(form.hours[day], /[,，\s]+/)]))
  }
  const caps = { ...before.caps }
  for (const cap of CAPS) {
    const text = form.caps[cap].trim()
    delete caps[cap]
    if (text !== '') caps[cap] = /^\d{1,9}$/.test(text) ? Number(text) : text
  }
  set(rules, 'windows', windows)
  set(rules, 'blackouts', words(form.blackouts, /[,，\n]+/))
  set(rules, 'caps', caps)
  set(rules, 'nightEvidence', form.nightEvidence.trim())
  set(rules, 'zone', form.zone.trim())
  return rules
}

function set<K extends keyof OwnRules>(rules: OwnRules, key: K, value: OwnRules[K]): void {
  const nothing =
    value === '' || (Array.isArray(value) ? value.length === 0 : Object.keys(value ?? {}).length === 0)
  if (typeof value === 'string' ? value === '' : nothing) delete rules[key]
  else rules[key] = value
}
