import { expect, it } from 'vitest'
import CallStory from '../../src/components/CallStory.vue'
import PolicyStepRow from '../../src/components/PolicyStepRow.vue'
import { mount } from './mount'

const words = {
  tiers: [{ code: 'gold', nameEn: 'Gold', nameZh: '金牌', rank: 2, weight: 4, minGrade: 1 }],
  skills: ['boiler'],
  agents: []
}

it('says beside a step what the engine finds wrong with it', () => {
  const page = mount(PolicyStepRow, {
    modelValue: { after: '0s', who: 'account_manager' },
    index: 1,
    last: true,
    groups: [],
    words,
    problems: [{ at: 'steps[1].after', message: 'begins <b>before</b> the step above it' }]
  })
  expect(page.querySelector('[data-step="1"]')?.classList).toContain('bad')
  expect(page.querySelector('.wrong')?.textContent).toContain('begins <b>before</b>')
  expect(page.querySelector('.wrong b')).toBeNull()
}, 30_000)

it('tells the story of a call as text, whatever stands in it', () => {
  const page = mount(CallStory, {
    call: {
      id: 'c-1',
      arrivedAt: '2026-03-02T01:00:00Z',
      story: [
        { at: '2026-03-02T01:00:00Z', kind: 'arrived', text: '<img src=x onerror=alert(1)>', why: null },
        { at: '2026-03-02T01:00:21Z', kind: 'offer_made', text: 'asked', why: '<b>because</b>' }
      ]
    }
  })
  expect(page.querySelectorAll('li')).toHaveLength(2)
  expect(page.querySelector('img')).toBeNull()
  expect(page.querySelector('.why')?.textContent).toBe('<b>because</b>')
  expect(page.textContent).toContain('+21 s')
})

it('plays the recording of a call that has one, and asks for nothing before', () => {
  const call = { id: 'a/1', arrivedAt: '2026-03-02T01:00:00Z', story: [] }
  const audio = mount(CallStory, { call: { ...call, recorded: true } }).querySelector('audio')!
  expect(audio.getAttribute('src')).toBe('/api/v1/calls/a%2F1/recording')
  expect(audio.getAttribute('preload')).toBe('none')
  expect(mount(CallStory, { call: { ...call, recorded: false } }).querySelector('audio')).toBeNull()
})
