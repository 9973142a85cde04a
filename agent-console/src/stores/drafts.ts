import { defineStore } from 'pinia'
import { ref } from 'vue'
import type { Contact, Result } from '../api/matters'
import type { Draft } from '../form/matters'
import { beforeLeaving, whenLeft } from './leaving'
import { useSession } from './session'

interface Kept {
  login: string
  contact: Contact
  draft: Draft
  /** As it began: what nobody has touched is not missed. */
  begun: string
}

/** What is being decided of a matter. */
export interface Decision {
  result: Result | ''
  note: string
  who: string
  until: Date | null
}

/**
 * Matters that are being written about calls and callbacks, until they are saved or given up: they
 * outlast the call. Each for who writes it.
 */
export const useDrafts = defineStore('drafts', () => {
  const session = useSession()
  const kept = ref<Kept[]>([])
  const login = () => session.me?.login ?? ''
  const same = (a: Contact, b: Contact) => a.kind === b.kind && a.id === b.id
  const find = (contact: Contact) =>
    kept.value.find((one) => one.login === login() && same(one.contact, contact))

  const of = (contact: Contact) => find(contact)?.draft ?? null

  function begin(contact: Contact, draft: Draft): void {
    if (find(contact)) return
    kept.value.push({ login: login(), contact, draft, begun: JSON.stringify(draft) })
  }

  function keep(contact: Contact, draft: Draft): void {
    const found = find(contact)
    if (found) found.draft = { ...draft }
  }

  function drop(contact: Contact): void {
    const found = find(contact)
    kept.value = kept.value.filter((one) => one !== found)
  }

  /** What was left unsaved about others than this one. */
  const left = (except: Contact | null) =>
    kept.value.filter(
      (one) =>
        one.login === login() &&
        !(except && same(one.contact, except)) &&
        JSON.stringify(one.draft) !== one.begun
    )

  // The page may change under an unsaved decision; whoever opens the matter again finds it.
  const decisions = ref<Record<string, Decision>>({})
  const ofMatter = (id: number | '') => `${login()} ${id}`
  const decision = (id: number): Decision | null => decisions.value[ofMatter(id)] ?? null

  function decide(id: number, unsaved: Decision | null): void {
    if (unsaved) decisions.value[ofMatter(id)] = unsaved
    else delete decisions.value[ofMatter(id)]
  }

  const deciding = () =>
    Object.keys(decisions.value).some((key) => key.startsWith(ofMatter('')))

  beforeLeaving(async () => left(null).length === 0 && !deciding())
  whenLeft((gone) => {
    kept.value = kept.value.filter((one) => one.login !== gone)
    for (const key of Object.keys(decisions.value)) {
      if (key.startsWith(`${gone} `)) delete decisions.value[key]
    }
  })

  return { of, begin, keep, drop, left, decision, decide }
})
