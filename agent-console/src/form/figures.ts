/** How figures are put on a screen, and which time is meant. */
import type { Amount, FigureText, Span, Unit } from '../api/figures'
import { duration } from '../i18n/format'

export type Preset = 'today' | 'yesterday' | 'week' | 'month'
export const PRESETS: Preset[] = ['today', 'yesterday', 'week', 'month']

/** Days of this computer's calendar, which is the office's. */
export function spanOf(preset: Preset, now: Date): Span {
  const day = (ago: number) =>
    new Date(now.getFullYear(), now.getMonth(), now.getDate() - ago).toISOString()
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
