import { describe, expect, it } from 'vitest'
import { nextTick } from 'vue'
import type { Talk } from '../../src/api/types'
import TalkPanel from '../../src/components/TalkPanel.vue'
import { allowed } from '../../src/form/talk'
import { mount } from './mount'

const talk = (change: Partial<Talk>): Talk => ({
  phase: 'talking',
  yours: true,
  phoneHolds: false,
  recordingPaused: false,
  consulted: null,
  consultedAnswered: false,
  ...change
})

describe('a talk', () => {
  it.each([
    [{}, ['hold', 'transfer', 'consult', 'record-pause']],
    [{ recordingPaused: true }, ['hold', 'transfer', 'consult', 'record-resume']],
    [{ phase: 'held' }, ['resume', 'transfer', 'consult']],
    [{ phase: 'consulting' }, ['cancel']],
    [{ phase: 'consulting', consultedAnswered: true }, ['complete', 'conference', 'cancel']],
    [{ phase: 'conference' }, ['complete', 'cancel', 'record-pause']],
    [{ phase: 'joining' }, []],
    [{ yours: false }, []],
    [{ phoneHolds: true }, []]
  ] as [Partial<Talk>, string[]][])('%j allows %j', (change, verbs) =>
    expect(allowed(talk(change))).toEqual(verbs)
  )

  it('shows what can be done and says where the caller is', async () => {
    const page = mount(TalkPanel, { callId: 'c-1', talk: talk({ phase: 'held' }) })
    await nextTick()
    expect(page.querySelector('[data-test=talk-resume]')).not.toBeNull()
    expect(page.querySelector('[data-test=talk-hold]')).toBeNull()
    expect(page.querySelector('[data-test=talk-phase]')?.getAttribute('data-phase')).toBe('held')
  })
})
