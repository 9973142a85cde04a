import { mount } from './mount'
import { describe, expect, it } from 'vitest'
import BinBar from '../../src/components/BinBar.vue'
import CallerCard from '../../src/components/CallerCard.vue'
import QuestionList from '../../src/components/QuestionList.vue'
import type { Card } from '../../src/api/types'

const EVIL = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>'

const card: Card = {
  callId: EVIL,
  callerNumber: EVIL,
  customer: { code: EVIL, name: EVIL },
  tier: EVIL,
  site: { code: EVIL, name: EVIL, address: EVIL, remark: EVIL, accountManager: EVIL },
  devices: [{ model: EVIL, serial: EVIL, installDate: EVIL }],
  lastCalls: [{ id: EVIL, at: EVIL, outcome: EVIL }]
}

describe('text from outside', () => {
  it('is shown as text on the card', () => {
    const element = mount(CallerCard, { card })
    expect(element.querySelector('img, script')).toBeNull()
    expect(element.textContent).toContain(EVIL)
  })

  it('is shown as text in questions, options and bins', () => {
    const question = {
      code: 'fault_code',
      type: 'choice' as const,
      textEn: EVIL,
      textZh: EVIL,
      hintEn: EVIL,
      hintZh: EVIL,
      required: true,
      options: [{ value: EVIL, textEn: EVIL, textZh: EVIL }]
    }
    const section = { code: EVIL, titleEn: EVIL, titleZh: EVIL, perDevice: true, questions: [question] }
    const device = { id: 7, model: EVIL, serial: EVIL }
    const card = {
      id: 1, model: '', faultCode: '', titleEn: EVIL, titleZh: EVIL, askEn: EVIL, askZh: EVIL,
      doEn: EVIL, doZh: EVIL, danger: true, version: 1
    }
    const list = mount(QuestionList, {
      questions: [{ key: 'fault_code@7', question, section, device }],
      answers: { 'fault_code@7': EVIL },
      before: {
        round: { number: 1, periodFrom: '', periodTo: '' },
        answers: { 'fault_code@7': EVIL },
        reworded: []
      },
      faults: { cards: [card], dangerWords: [EVIL] },
      refused: { 'fault_code@7': EVIL }
    })
    expect(list.querySelectorAll('[data-card]')).toHaveLength(1)
    expect(list.querySelector('img, script')).toBeNull()
    expect(list.textContent).toContain(EVIL)
    const bar = mount(BinBar, { bins: { [EVIL]: 3 }, all: 3, legend: true })
    expect(bar.querySelector('img, script')).toBeNull()
    expect(bar.textContent).toContain(EVIL)
  })

  it('finds no place in the sources where HTML could come in', () => {
    const sources = import.meta.glob('../../src/**/*.{vue,ts}', {
      query: '?raw',
      import: 'default',
      eager: true
    }) as Record<string, string>
    expect(Object.keys(sources).length).toBeGreaterThan(20)
    for (const [file, source] of Object.entries(sources)) {
      expect(source, file).not.toMatch(/v-html|innerHTML|insertAdjacentHTML|dangerously/)
    }
  })
})
