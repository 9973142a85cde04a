import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Role, Session, Status } from '../../src/api/types'
import ConnectionBanner from '../../src/components/ConnectionBanner.vue'
import MatterEditor from '../../src/components/MatterEditor.vue'
import { keep, recall } from '../../src/form/kept'
import { blank } from '../../src/form/matters'
import { beforeLeaving } from '../../src/stores/leaving'
import { useDrafts } from '../../src/stores/drafts'
import { useLive } from '../../src/stores/live'
import { useSession } from '../../src/stores/session'
import { mount } from './mount'

const TYPED = { answers: { fault: 'yes' }, disposition: '', note: '', appointmentAt: null }
const DONE = { answers: {}, disposition: 'completed', note: '', appointmentAt: null }

afterEach(() => {
  vi.unstubAllGlobals()
  localStorage.clear()
})

describe('the banner of danger', () => {
  function banner(roles: Role[], agentNumber: string | null = null): HTMLElement {
    const pinia = createPinia()
    setActivePinia(pinia)
    useSession().me = { login: 'x', roles, agentNumber } as Session
    useLive().status = {
      leader: true, switch: 'up', database: 'up', openDangers: 2, dangerPeople: ['刘倩 (8003)'], banner: null
    } as Status
    return mount(ConnectionBanner, {}, pinia)
  }

  it('leads whoever can act to the tasks', () => {
    for (const role of ['agent', 'supervisor', 'admin'] as Role[]) {
      const shown = banner([role], role === 'agent' ? '8001' : null)
      expect(shown.querySelector('.banner a'), role).not.toBeNull()
      expect(shown.textContent, role).not.toContain('刘倩')
    }
  })

  it('says whom to call to who has no page to act on', () => {
    const shown = banner(['scheduler'])
    expect(shown.querySelector('.banner a')).toBeNull()
    expect(shown.textContent).toContain('刘倩 (8003)')
  })
})

describe('logging out', () => {
  let left = 0
  beforeEach(() => {
    left = 0
    setActivePinia(createPinia())
    useSession().me = { login: 'li' } as Session
    vi.stubGlobal('fetch', async (_: string, init: RequestInit) => {
      if (init.method === 'DELETE') left++
      return new Response(null, { status: 204 })
    })
  })

  it('saves what is typed first and leaves nothing of it on the machine', async () => {
    keep('li', 'a-1', TYPED)
    keep('li', 'a-2', DONE)
    keep('wang', 'a-1', TYPED)
    keep('li.wei', 'a-1', TYPED)
    const done = beforeLeaving(async () => {
      keep('li', 'a-1', { ...TYPED, answers: {} })
      return true
    })
    expect(await useSession().logOut()).toBe(true)
    done()
    expect(left).toBe(1)
    expect(useSession().me).toBeNull()
    expect(Object.keys(localStorage).sort()).toEqual([
      'careline.form.li.wei/a-1',
      'careline.form.wang/a-1'
    ])
  })

  it('asks about a matter half written or half decided, and gives it up with the session', async () => {
    const drafts = useDrafts()
    const call = { kind: 'call' as const, id: 'c-1' }
    drafts.begin(call, blank())
    drafts.keep(call, { ...blank(), description: 'no hot water' })
    expect(await useSession().logOut()).toBe(false)
    drafts.drop(call)
    drafts.decide(30, { result: '', note: 'he says', who: '', until: null })
    expect(await useSession().logOut()).toBe(false)
    expect(await useSession().logOut(true)).toBe(true)
    useSession().me = { login: 'li' } as Session
    expect(drafts.decision(30)).toBeNull()
  })

  it('ends no session while something is not saved, unless it is given up', async () => {
    keep('li', 'a-1', TYPED)
    expect(await useSession().logOut()).toBe(false)
    expect(left).toBe(0)
    expect(useSession().me).not.toBeNull()
    expect(recall('li', 'a-1').answers).toEqual(TYPED.answers)
    keep('li', 'a-1', DONE)
    const refused = beforeLeaving(async () => Promise.reject(new Error('no engine')))
    expect(await useSession().logOut()).toBe(false)
    refused()
    expect(await useSession().logOut(true)).toBe(true)
    expect(localStorage.length).toBe(0)
  })

  it('keeps what is typed when the session is lost: the browser has died, or time is up', () => {
    keep('li', 'a-1', TYPED)
    useSession().lost()
    expect(recall('li', 'a-1').answers).toEqual(TYPED.answers)
  })
})

describe('danger in a matter', () => {
  async function written(kind: 'call' | 'attempt', text: string, status = 200) {
    const told: unknown[] = []
    vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
      if (url.endsWith('/fault-cards')) {
        return new Response(JSON.stringify({ cards: [], dangerWords: ['漏气', 'smoke'] }))
      }
      if (!url.endsWith('/danger')) return new Response('[]')
      told.push([url, JSON.parse(String(init.body))])
      return new Response(
        JSON.stringify({ danger: { word: '漏气', by: 'li', at: '2026-03-02T01:00:00Z', to: 'liu' } }),
        { status }
      )
    })
    const page = mount(MatterEditor, { kinds: [], draft: blank(), contact: { kind, id: 'c-1' } })
    const area = page.querySelector('textarea')!
    area.value = text
    area.dispatchEvent(new Event('input'))
    return { page, told }
  }

  it('is told before the matter is saved, and says who was told', async () => {
    const { page, told } = await written('call', '厨房漏气')
    await vi.waitFor(() => expect(page.querySelector('[data-test=danger]')?.textContent).toContain('漏气'))
    await vi.waitFor(() => expect(page.querySelector('[data-test=danger-told]')?.textContent).toContain('liu'), 5000)
    expect(told).toEqual([['/api/v1/calls/c-1/danger', { text: '厨房漏气' }]])
  }, 30_000)

  it('says so when nobody could be told', async () => {
    const { page } = await written('call', 'there is smoke', 503)
    await vi.waitFor(() => expect(page.querySelector('[data-test=danger-failed]')).not.toBeNull(), 5000)
  }, 30_000)

  it('is no alarm where a word is only a piece of another', async () => {
    const { page, told } = await written('call', 'a smoker')
    await vi.waitFor(() => expect(page.querySelector('textarea')!.value).toBe('a smoker'))
    expect(page.querySelector('[data-test=danger]')).toBeNull()
    expect(told).toEqual([])
  }, 30_000)
})
