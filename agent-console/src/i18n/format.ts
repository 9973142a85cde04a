/** Times, durations and shares as a reader of either language expects them. */
import type { Language, Share } from '../api/types'

const tag = (language: string) => (language === 'zh' ? 'zh-CN' : 'en-GB')

export function dateTime(iso: string | null | undefined, language: string): string {
  const at = Date.parse(iso ?? '')
  if (Number.isNaN(at)) return ''
  return new Intl.DateTimeFormat(tag(language), {
    year: 'numeric',
    month: language === 'zh' ? 'numeric' : 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hour12: false
  }).format(at)
}

/** As the clock on a wall of that zone shows it, wherever the reader sits. */
export function wallClock(iso: string, zone: string, language: string): string {
  return new Intl.DateTimeFormat(tag(language), {
    weekday: 'short',
    year: 'numeric',
    month: language === 'zh' ? 'numeric' : 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hour12: false,
    timeZone: zone
  }).format(Date.parse(iso))
}

export function date(iso: string | null | undefined, language: string): string {
  // A date without time is a day of the calendar: it must not slip over a zone.
  const match = /^(\d{4})-(\d{2})-(\d{2})/.exec(iso ?? '')
  if (!match) return ''
  const at = Date.UTC(Number(match[1]), Number(match[2]) - 1, Number(match[3]))
  return new Intl.DateTimeFormat(tag(language), {
    year: 'numeric',
    month: language === 'zh' ? 'long' : 'short',
    day: 'numeric',
    timeZone: 'UTC'
  }).format(at)
}

/** 65_000 -> 1:05, 3_900_000 -> 1:05:00; never negative. */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000))
  const two = (n: number) => String(n).padStart(2, '0')
  const h = Math.floor(seconds / 3600)
  const m = Math.floor(seconds / 60) % 60
  return h > 0 ? `${h}:${two(m)}:${two(seconds % 60)}` : `${m}:${two(seconds % 60)}`
}

/** 27 of 100 -> 27.0 %; nothing of nothing has no share. */
export function percent(share: Share): string {
  return share.of > 0 ? `${((share.n * 100) / share.of).toFixed(1)} %` : '–'
}

export function text(item: { textEn: string; textZh: string }, language: Language | string): string {
  return (language === 'zh' ? item.textZh : item.textEn) || item.textEn || item.textZh
}
