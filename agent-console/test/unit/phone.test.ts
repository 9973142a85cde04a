import { describe, expect, it, vi } from 'vitest'
import { date, dateTime, duration, percent } from '../../src/i18n/format'
import { answersByItself } from '../../src/phone/autoAnswer'
import { Softphone } from '../../src/phone/softphone'

describe('auto answer', () => {
  const invite = (headers: Record<string, string>) => (name: string) => headers[name]

  it('follows the engine and nobody else', () => {
    expect(answersByItself(invite({}))).toBe(false)
    expect(answersByItself(invite({ 'Call-Info': '<sip:careline>;answer-after=0' }))).toBe(true)
    expect(answersByItself(invite({ 'Call-Info': '<sip:x>; answer-after = 0' }))).toBe(true)
    expect(answersByItself(invite({ 'Call-Info': '<sip:x>;answer-after=05' }))).toBe(false)
    expect(
      answersByItself(invite({ 'Alert-Info': '<http://x>;info=alert-autoanswer;delay=0' }))
    ).toBe(true)
    expect(answersByItself(invite({ 'Alert-Info': '<http://x>;info=alert-external' }))).toBe(false)
    expect(answersByItself(invite({ 'Alert-Info': 'Auto Answer' }))).toBe(true)
  })
})

describe('softphone', () => {
  it('asks at once when the engine is back, and not before it was started', async () => {
    vi.useFakeTimers()
    try {
      const access = vi.fn().mockRejectedValue(new Error('away'))
      const seen: string[] = []
      const phone = new Softphone({
        access,
        audio: {} as HTMLAudioElement,
        changed: (view) => seen.push(view.registration)
      })
      phone.again()
      await vi.advanceTimersByTimeAsync(10)
      expect(access).not.toHaveBeenCalled()
      await phone.start()
      expect(access).toHaveBeenCalledTimes(1)
      expect(seen.at(-1)).toBe('lost')
      access.mockResolvedValue({ deskPhone: 'sip:8001@127.0.0.1' })
      phone.again()
      await vi.advanceTimersByTimeAsync(10)
      expect(access).toHaveBeenCalledTimes(2)
      expect(seen.at(-1)).toBe('desk')
      await vi.advanceTimersByTimeAsync(10_000)
      expect(access).toHaveBeenCalledTimes(2)
    } finally {
      vi.useRealTimers()
    }
  })
})

describe('formats', () => {
  it('writes durations as clocks do, and none below zero', () => {
    expect(duration(65_999)).toBe('1:05')
    expect(duration(3_905_000)).toBe('1:05:05')
    expect(duration(-5)).toBe('0:00')
  })

  it('gives no share of nothing', () => {
    expect(percent({ n: 0, of: 0 })).toBe('–')
    expect(percent({ n: 27, of: 100 })).toBe('27.0 %')
  })

  it('keeps a day of the calendar in every zone', () => {
    expect(date('2026-03-01', 'zh')).toBe('2026年3月1日')
    expect(date('2026-03-01', 'en')).toBe('1 Mar 2026')
  })

  it('passes over what is no time', () => {
    expect(dateTime('nonsense', 'en')).toBe('')
    expect(dateTime(null, 'zh')).toBe('')
  })
})
