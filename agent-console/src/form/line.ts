/** What the Lines page works out by itself; the engine judges each line again when it is saved. */
import type { CalendarDay, Hours, LineForm } from '../api/types'

export const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const
/** Rows of the week grid: the weekdays, then what holds on holidays and on days worked in exchange. */
export const ROWS = [...DAYS, 'holiday', 'makeUp'] as const
export const CHOICES = ['install', 'repair', 'enquiry', 'complaint', 'account_manager'] as const

export type Row = (typeof ROWS)[number]

export function blankLine(): LineForm {
  return {
    code: '',
    number: '',
    nameEn: '',
    nameZh: '',
    language: 'zh',
    greeting: 'greeting',
    ringTimeout: '15s',
    wrapUp: '30s',
    settings: {
      publicNumber: '',
      landingNumbers: [],
      notice: 'recording-notice',
      askCode: false,
      zone: 'Asia/Shanghai',
      hours: null,
      calendar: '',
      openTiers: [],
      menu: [],
      afterHours: { action: 'voicemail', prompt: 'after-hours', emergencySkill: '' },
      closing: 'serve',
      announceAgent: false,
      survey: 'off',
      policy: '',
      callback: { offer: false, expiry: '4h', tries: 3, spacing: '10m' },
      disposition: 'optional',
      wrapUp: { max: '5m', extension: '1m' }
    }
  }
}

/** What a line is given that was round the clock until now. */
export function officeWeek(): Hours {
  const day = ['09:00-12:00', '13:00-18:00']
  return {
    ...Object.fromEntries(DAYS.slice(0, 5).map((name) => [name, [...day]])),
    sat: [],
    sun: [],
    holiday: [],
    makeUp: [...day]
  } as Hours
}

/** Minutes of the day, or null when it is no time from 00:00 to 24:00. */
export function minutes(text: string): number | null {
  const found = /^([01]\d|2[0-4]):([0-5]\d)$/.exec(text)
  if (!found) return null
  const all = Number(found[1]) * 60 + Number(found[2])
  return all <= 1440 ? all : null
}

export interface Stretch {
  from: number
  to: number
}

/** The spans of a day as minutes, or the key of the text that says what is wrong with one. */
export function stretches(spans: string[]): { good: Stretch[]; wrong: string | null } {
  const good: Stretch[] = []
  for (const span of spans) {
    const [first, second] = span.split('-')
    const from = minutes(first ?? '')
    const to = minutes(second ?? '')
    if (from === null || to === null) return { good, wrong: 'lines.badTime' }
    if (to <= from) return { good, wrong: 'lines.reversed' }
    const before = good.at(-1)
    if (before && from < before.to) return { good, wrong: 'lines.overlap' }
    good.push({ from, to })
  }
  return { good, wrong: null }
}

export function weekIsGood(hours: Hours | null): boolean {
  return hours === null || ROWS.every((row) => stretches(hours[row] ?? []).wrong === null)
}

/** The lowest key of the menu that is free; 0 = none. */
export function freeKey(taken: number[]): number {
  for (let key = 1; key <= 9; key++) if (!taken.includes(key)) return key
  return 0
}

export const iso = (year: number, month: number, day: number) =>
  `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`

/** Days of a month in weeks from Monday; 0 where the month has none. */
export function monthGrid(year: number, month: number): number[] {
  const first = (new Date(Date.UTC(year, month - 1, 1)).getUTCDay() + 6) % 7
  const length = new Date(Date.UTC(year, month, 0)).getUTCDate()
  const cells = [...Array(first).fill(0), ...Array.from({ length }, (_, i) => i + 1)]
  while (cells.length % 7) cells.push(0)
  return cells
}

export const isWeekend = (date: string) => new Date(`${date}T00:00:00Z`).getUTCDay() % 6 === 0

/** What a day becomes at a click: a weekday a holiday and back, a weekend day also worked. */
export function nextKind(date: string, now: CalendarDay | undefined): CalendarDay['kind'] | null {
  if (!now) return 'holiday'
  if (now.kind === 'holiday' && isWeekend(date)) return 'make-up-workday'
  return null
}
