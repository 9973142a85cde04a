import { createPinia, setActivePinia } from 'pinia'
import { expect, it, vi } from 'vitest'
import type { Session } from '../../src/api/types'
import MatterEditor from '../../src/components/MatterEditor.vue'
import MatterResult from '../../src/components/MatterResult.vue'
import { blank, type Draft } from '../../src/form/matters'
import { useDrafts } from '../../src/stores/drafts'
import { useSession } from '../../src/stores/session'
import { mount } from './mount'

const CALL = { kind: 'call' as const, id: 'c-1' }
const NEXT = { kind: 'call' as const, id: 'c-2' }

it('keeps what is typed about a call until it is saved or given up, for who typed it', () => {
  setActivePinia(createPinia())
  const session = useSession()
  session.me = { login: 'li' } as Session
  const drafts = useDrafts()
  drafts.begin(CALL, blank())
  expect(drafts.left(NEXT)).toEqual([])
  drafts.keep(CALL, { ...blank(), description: 'no water' })
  drafts.begin(NEXT, blank())
  expect(drafts.of(CALL)?.description).toBe('no water')
  expect(drafts.left(CALL)).toEqual([])
  expect(drafts.left(NEXT).map((one) => one.contact.id)).toEqual(['c-1'])
  drafts.begin(CALL, blank())
  expect(drafts.of(CALL)?.description).toBe('no water')
  session.me = { login: 'wang' } as Session
  expect(drafts.of(CALL)).toBeNull()
  expect(drafts.left(null)).toEqual([])
  session.me = { login: 'li' } as Session
  drafts.drop(CALL)
  expect(drafts.left(null)).toEqual([])
})

it('keeps an unsaved decision for the matter, whatever page is shown meanwhile', async () => {
  const pinia = createPinia()
  setActivePinia(pinia)
  const matter = { id: 7, version: 1, result: null, resultNote: '', assignedTo: null, dueAt: null }
  const drafts = useDrafts()
  drafts.decide(7, { result: 'answer', note: 'asks for the price', who: '', until: null })
  const page = mount(MatterResult, { matter }, pinia)
  const note = page.querySelector('textarea')!
  await vi.waitFor(() => expect(note.value).toBe('asks for the price'))
  note.value = 'asks for both prices'
  note.dispatchEvent(new Event('input'))
  await vi.waitFor(() => expect(drafts.decision(7)?.note).toBe('asks for both prices'))
})

it('leaves the device at the site it stands at', async () => {
  vi.stubGlobal(
    'fetch',
    vi.fn(async () => new Response('[]'))
  )
  const typed: Draft[] = []
  const page = mount(MatterEditor, {
    kinds: [],
    draft: {
      ...blank(),
      customer: 'RJ',
      site: 'S1',
      device: 'Boiler 5',
      devices: [{ id: 7, name: 'Boiler 5' }]
    },
    onTyped: (draft: Draft) => typed.push({ ...draft })
  })
  const site = page.querySelector<HTMLInputElement>('[data-test=site] input, input[data-test=site]')!
  site.value = 'S2'
  site.dispatchEvent(new Event('input'))
  await vi.waitFor(() => expect(typed.at(-1)?.site).toBe('S2'))
  expect(typed.at(-1)).toMatchObject({ device: '', devices: [], siteName: '' })
})
