/** How figures are put on a screen, and which time is meant. */
import type { Amount, FigureText, Span, Unit } from '../api/figures'
import { duration } from '../i18n/format'

export type Preset = 'today' | 'yesterday' | 'week' | 'month'
export const PRESETS: Preset[] = ['today', 'yesterday', 'week', 'month']

/** Milliseconds a zone is ahead of UTC at that time; a zone not known here = this computer's. */
function ahead(at: number, zone: string): number {
  let format: Intl.DateTimeFormat
  const options: Intl.DateTimeFormatOptions = {
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric'
  }
  try {
    format = new Intl.DateTimeFormat('en-GB', { ...options, timeZone: zone || undefined })
  } catch {
    format = new Intl.DateTimeFormat('en-GB', options)
  }
  const part = (type: string) =>
    Number(format.formatToParts(at).find((each) => each.type === type)?.value)
  const local = Date.UTC(
    part('year'),
    part('month') - 1,
    part('day'),
    part('hour'),
    part('minute'),
    part('second')
  )
  return local - Math.floor(at / 1000) * 1000
}

/** When a day of the calendar begins in a zone; month from 0, days beyond its end go on. */
export function dayBegin(year: number, month: number, day: number, zone: string): string {
  const local = Date.UTC(year, month, day)
  const near = local - ahead(local, zone)
  return new Date(local - ahead(near, zone)).toISOString()
}

/** Days of the office's calendar. */
export function spanOf(preset: Preset, now: Date, zone: string): Span {
  const local = new Date(now.getTime() + ahead(now.getTime(), zone))
  const day = (ago: number) =>
    dayBegin(local.getUTCFullYear(), local.getUTCMonth(), local.getUTCDate() - ago, zone)
  switch (preset) {
    case 'today':
      return { from: day(0), to: now.toISOString() }
    case 'yesterday':
      return { from: day(1), to: day(0) }
    case 'week':
      return { from: day(6), to: now.toISOString() }
    case 'month':
      return { from: day(29), to: now.toISOString() }
  }
}

/** Intervals that a chart of this time can show. */
export function chartInterval(span: Span): '30m' | 'day' {
  return Date.parse(span.to) - Date.parse(span.from) > 2 * 86_400_000 ? 'day' : '30m'
}

export function shown(amount: Amount | undefined, unit: Unit): string {
  if (!amount || amount.value === null) return '–'
  if (unit === 'share') return `${(amount.value * 100).toFixed(1)} %`
  return unit === 'seconds' ? duration(amount.value * 1000) : String(Math.round(amount.value))
}

/** Numerator and denominator, where there are any. */
export function partsOf(amount: Amount | undefined, figure: FigureText): { n: string; of: string } | null {
  if (!amount || amount.n === undefined || amount.of === undefined) return null
  if (figure.unit === 'seconds') return { n: duration(amount.n * 1000), of: String(amount.of) }
  const time = figure.id === 'occupancy' || figure.id === 'utilisation'
  return time
    ? { n: duration(amount.n * 1000), of: duration(amount.of * 1000) }
    : { n: String(amount.n), of: String(amount.of) }
}
