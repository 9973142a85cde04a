import { defineStore } from 'pinia'
import { computed, nextTick, ref } from 'vue'
import { careline } from '../api/careline'
import { ApiError } from '../api/http'
import type { Role, Session } from '../api/types'
import { forgetAll, forgetOld, unsent } from '../form/kept'
import { speakAsAccount } from '../i18n'
import { allSaved, forgetTyped } from './leaving'

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
    forgetOld()
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

  /**
   * Ends the session when all that was typed is saved, and leaves nothing of it on this machine.
   *
   * @param anyway also what is not saved is given up
   * @returns false = something is not saved yet, and the session goes on
   */
  async function logOut(anyway = false): Promise<boolean> {
    const login = me.value?.login ?? ''
    const saved = await allSaved()
    if (!anyway && (!saved || unsent(login) > 0)) return false
    await careline.logOut().catch(() => undefined)
    me.value = null
    // what the forms still write down when they go from the screen is theirs, too
    await nextTick()
    forgetAll(login)
    forgetTyped(login)
    return true
  }

  /** The engine no longer knows the session. */
  function lost(): void {
    if (!me.value) return
    me.value = null
    ended.value = true
  }

  return { me, known, ended, roles, may, isAgent, home, find, logIn, logOut, lost }
})
