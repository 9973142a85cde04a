import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { careline } from '../api/careline'
import { ApiError } from '../api/http'
import type { Role, Session } from '../api/types'
import { speakAsAccount } from '../i18n'

/** Who is logged in. */
export const useSession = defineStore('session', () => {
  const me = ref<Session | null>(null)
  const known = ref(false)
  const ended = ref(false)

  const roles = computed<readonly Role[]>(() => me.value?.roles ?? [])
  const may = (...wanted: Role[]) => wanted.some((role) => roles.value.includes(role))
  const isAgent = computed(() => may('agent') && me.value?.agentNumber != null)

  /** The page an account begins with, or null when it has none here. */
  const home = computed(() => {
    if (isAgent.value) return 'work'
    if (may('scheduler', 'admin')) return 'scheduler'
    if (may('supervisor')) return 'live'
    return null
  })

  function enter(session: Session): void {
    me.value = session
    known.value = true
    ended.value = false
    speakAsAccount(session.language)
  }

  /** Asks once who the cookie belongs to. */
  async function find(): Promise<void> {
    if (known.value) return
    try {
      enter(await careline.session())
    } catch (problem) {
      if (problem instanceof ApiError && (problem.status === 401 || problem.status === 403)) {
        known.value = true
      } else {
        throw problem
      }
    }
  }

  async function logIn(login: string, password: string): Promise<void> {
    enter(await careline.logIn(login, password))
  }

  async function logOut(): Promise<void> {
    await careline.logOut().catch(() => undefined)
    me.value = null
  }

  /** The engine no longer knows the session. */
  function lost(): void {
    if (!me.value) return
    me.value = null
    ended.value = true
  }

  return { me, known, ended, roles, may, isAgent, home, find, logIn, logOut, lost }
})
