import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { careline } from '../api/careline'
import type { AgentView, RoundProgress, Status, WaitingCaller, Work } from '../api/types'
import { Feed, type FeedState, type Message, withChanged } from '../feed/feed'
import { useSession } from './session'

function feedUrl(): string {
  const url = new URL('/api/v1/feed', location.href)
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
  return url.toString()
}

/** The latest of everything the feed sends: a message replaces its part, or of the agents those that changed. */
export const useLive = defineStore('live', () => {
  const session = useSession()
  const waiting = ref<WaitingCaller[]>([])
  const agents = ref<AgentView[]>([])
  const rounds = ref<RoundProgress[]>([])
  const work = ref<Work>(null)
  const status = ref<Status | null>(null)
  const connection = ref<FeedState>('closed')
  /** False until the first snapshot: empty lists then mean nothing yet. */
  const known = ref(false)

  const mine = computed(
    () => agents.value.find((agent) => agent.number === session.me?.agentNumber) ?? null
  )
  const ready = computed(() => agents.value.filter((agent) => agent.presence === 'ready').length)

  const feed = new Feed({
    url: feedUrl(),
    // Asked again by request: its 401 ends the session here, anything else does not.
    onSignedOut: () => void careline.session().catch(() => undefined)
  })
  feed.onState((state) => (connection.value = state))
  const list = <T>(value: unknown): T[] => (Array.isArray(value) ? (value as T[]) : [])
  const byNumber = (agent: AgentView): string => agent.number
  const readers: Record<string, (message: Message) => void> = {
    waiting: (m) => (waiting.value = list(m.waiting)),
    agents: (m) => (agents.value = m.changed ? withChanged(agents.value, list<AgentView>(m.changed), byNumber) : list(m.agents)),
    rounds: (m) => (rounds.value = list(m.rounds)),
    work: (m) => (work.value = workOf(m.work)),
    status: (m) => (status.value = (m.status as Status | undefined) ?? null)
  }
  for (const [type, read] of Object.entries(readers)) feed.on(type, read)
  feed.on('round', readers.rounds!)
  feed.on('snapshot', (message) => {
    for (const read of Object.values(readers)) read(message)
    known.value = true
  })

  function start(): void {
    feed.start()
  }

  function stop(): void {
    feed.stop()
    waiting.value = []
    agents.value = []
    rounds.value = []
    work.value = null
    status.value = null
    known.value = false
  }

  /** Shows the effect of an own act at once instead of at the next message. */
  async function refreshWork(): Promise<void> {
    work.value = workOf(await careline.work())
  }

  return {
    waiting,
    agents,
    rounds,
    work,
    status,
    connection,
    known,
    mine,
    ready,
    start,
    stop,
    retryNow: () => feed.retryNow(),
    refreshWork
  }
})

/** An empty object is no work, as null is. */
function workOf(value: unknown): Work {
  return value && typeof value === 'object' && 'kind' in value ? (value as Work) : null
}
