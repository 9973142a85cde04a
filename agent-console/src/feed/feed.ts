/**
 * The engine's live feed over one WebSocket: connects again by itself with growing pauses, and
 * sends the console heartbeat, without which the engine gives an agent no calls.
 */

export interface Message {
  type: string
  [part: string]: unknown
}

export type FeedState = 'connecting' | 'live' | 'lost' | 'closed'
type Listener = (message: Message) => void
type StateListener = (state: FeedState) => void

export interface FeedOptions {
  url: string
  /** Tests put their own sockets and dice here. */
  open?: (url: string) => WebSocket
  random?: () => number
  /** The engine has closed the feed because the session is over. */
  onSignedOut?: () => void
}

export const HEARTBEAT_MS = 2_000
/** The engine answers each heartbeat: no message for so long and the line is taken for dead although TCP has not noticed. */
export const SILENCE_MS = 12_000
/** The engine's close code for a session that is over. */
const SIGNED_OUT = 4401
const FIRST_PAUSE_MS = 500
const LONGEST_PAUSE_MS = 10_000

/** The rows with those that changed in their places: of a long list the engine sends only these. */
export function withChanged<T>(rows: T[], changed: T[], name: (row: T) => string): T[] {
  const fresh = new Map(changed.map((row) => [name(row), row]))
  return rows.map((row) => fresh.get(name(row)) ?? row)
}

/** Pause before the nth new attempt (from 0): doubling, at most 10 s, spread over its upper half. */
export function pauseBefore(attempt: number, random: () => number): number {
  const full = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** attempt)
  return full / 2 + (full / 2) * random()
}

export class Feed {
  private readonly listeners = new Map<string, Set<Listener>>()
  private readonly stateListeners = new Set<StateListener>()
  private readonly open: (url: string) => WebSocket
  private readonly random: () => number
  private socket: WebSocket | null = null
  private heartbeat: ReturnType<typeof setInterval> | null = null
  private again: ReturnType<typeof setTimeout> | null = null
  private failures = 0
  private lastHeard = 0
  private current: FeedState = 'closed'

  constructor(private readonly options: FeedOptions) {
    this.open = options.open ?? ((url) => new WebSocket(url))
    this.random = options.random ?? Math.random
  }

  get state(): FeedState {
    return this.current
  }

  /** Hears messages of one type. Returns what ends it. */
  on(type: string, listener: Listener): () => void {
    const set = this.listeners.get(type) ?? new Set()
    this.listeners.set(type, set)
    set.add(listener)
    return () => void set.delete(listener)
  }

  /** Hears changes of the connection, beginning with the present state. Returns what ends it. */
  onState(listener: StateListener): () => void {
    this.stateListeners.add(listener)
    listener(this.current)
    return () => void this.stateListeners.delete(listener)
  }

  start(): void {
    if (this.current !== 'closed') return
    this.failures = 0
    this.connect()
  }

  /** Ends the connection for good; {@link start} begins anew. */
  stop(): void {
    this.quiet()
    this.enter('closed')
  }

  /** Tries at once instead of waiting for the pause to end. */
  retryNow(): void {
    if (this.current !== 'lost') return
    this.failures = 0
    this.connect()
  }

  private connect(): void {
    this.quiet()
    if (this.current !== 'lost') this.enter('connecting')
    let socket: WebSocket
    try {
      socket = this.open(this.options.url)
    } catch {
      this.failed()
      return
    }
    this.socket = socket
    this.lastHeard = Date.now()
    socket.onmessage = (event) => this.heard(String(event.data))
    socket.onclose = (event) => {
      if (event?.code === SIGNED_OUT) this.options.onSignedOut?.()
      this.failed()
    }
    socket.onerror = () => socket.close()
    socket.onopen = () => {
      this.beat()
      this.heartbeat = setInterval(() => this.beat(), HEARTBEAT_MS)
    }
  }

  private beat(): void {
    if (Date.now() - this.lastHeard > SILENCE_MS) {
      this.failed()
      return
    }
    this.socket?.send('{"type":"heartbeat"}')
  }

  private heard(text: string): void {
    this.lastHeard = Date.now()
    let message: Message
    try {
      message = JSON.parse(text) as Message
    } catch {
      return
    }
    if (typeof message?.type !== 'string') return
    // Open alone proves little (a proxy may answer): the first message makes it live.
    this.failures = 0
    this.enter('live')
    this.listeners.get(message.type)?.forEach((listener) => listener(message))
  }

  private failed(): void {
    this.quiet()
    this.enter('lost')
    this.again = setTimeout(() => this.connect(), pauseBefore(this.failures++, this.random))
  }

  private quiet(): void {
    if (this.heartbeat) clearInterval(this.heartbeat)
    if (this.again) clearTimeout(this.again)
    this.heartbeat = this.again = null
    const socket = this.socket
    this.socket = null
    if (socket) {
      socket.onopen = socket.onmessage = socket.onclose = socket.onerror = null
      socket.close()
    }
  }

  private enter(state: FeedState): void {
    if (this.current === state) return
    this.current = state
    this.stateListeners.forEach((listener) => listener(state))
  }
}
