import { describe, expect, it } from 'vitest'
import {
  freeKey,
  isWeekend,
  minutes,
  monthGrid,
  nextKind,
  officeWeek,
  stretches,
  weekIsGood
} from '../../src/form/line'

describe('the hours of a line', () => {
  it.each([
    ['00:00', 0],
    ['08:30', 510],
    ['24:00', 1440],
    ['24:01', null],
    ['8:30', null],
    ['12:60', null],
    ['', null]
  ])('reads %s', (text, expected) => expect(minutes(text)).toBe(expected))

  it.each([
    [['09:00-12:00', '13:00-18:00'], null],
    [['09:00-12:00', '12:00-18:00'], null],
    [['18:00-09:00'], 'lines.reversed'],
    [['09:00-09:00'], 'lines.reversed'],
    [['13:00-18:00', '09:00-12:00'], 'lines.overlap'],
    [['09:00-12:00', '11:00-18:00'], 'lines.overlap'],
    [['09:00-'], 'lines.badTime']
  ])('judges %j', (spans, wrong) => expect(stretches(spans).wrong).toBe(wrong))

  it('begins with an office week and holds a wrong day', () => {
    const week = officeWeek()
    expect(weekIsGood(week)).toBe(true)
    expect(weekIsGood(null)).toBe(true)
    week.sun = ['20:00-08:00']
    expect(weekIsGood(week)).toBe(false)
  })

  it('gives the lowest free key', () => {
    expect(freeKey([])).toBe(1)
    expect(freeKey([1, 3])).toBe(2)
    expect(freeKey([1, 2, 3, 4, 5, 6, 7, 8, 9])).toBe(0)
  })
})

describe('the calendar', () => {
  it('begins weeks on Monday', () => {
    // 1 October 2026 is a Thursday
    expect(monthGrid(2026, 10).slice(0, 4)).toEqual([0, 0, 0, 1])
    expect(monthGrid(2024, 2).filter(Boolean)).toHaveLength(29)
    expect(isWeekend('2026-10-10')).toBe(true)
    expect(isWeekend('2026-10-09')).toBe(false)
  })

  it('turns a weekday into a holiday and back, a weekend day also into a working day', () => {
    const day = (date: string, kind: 'holiday' | 'make-up-workday') => ({ date, kind, nameEn: '', nameZh: '' })
    expect(nextKind('2026-10-09', undefined)).toBe('holiday')
    expect(nextKind('2026-10-09', day('2026-10-09', 'holiday'))).toBeNull()
    expect(nextKind('2026-10-10', undefined)).toBe('holiday')
    expect(nextKind('2026-10-10', day('2026-10-10', 'holiday'))).toBe('make-up-workday')
    expect(nextKind('2026-10-10', day('2026-10-10', 'make-up-workday'))).toBeNull()
  })
})
