import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Feed, HEARTBEAT_MS, pauseBefore, SILENCE_MS, withChanged } from '../../src/feed/feed'

class FakeSocket {
  static all: FakeSocket[] = []
  sent: string[] = []
  closed = false
  onopen: (() => void) | null = null
  onmessage: ((event: { data: string }) => void) | null = null
  onclose: (() => void) | null = null
  onerror: (() => void) | null = null
  constructor() {
    FakeSocket.all.push(this)
  }
  send(text: string): void {
    this.sent.push(text)
  }
  close(): void {
    this.closed = true
    this.onclose?.()
  }
  say(message: unknown): void {
    this.onmessage?.({ data: typeof message === 'string' ? message : JSON.stringify(message) })
  }
  static get last(): FakeSocket {
    return FakeSocket.all.at(-1)!
  }
}

function feed(): Feed {
  return new Feed({
    url: 'ws://x/feed',
    open: () => new FakeSocket() as unknown as WebSocket,
    random: () => 1
  })
}

beforeEach(() => {
  vi.useFakeTimers()
  FakeSocket.all = []
})
afterEach(() => vi.useRealTimers())

describe('feed', () => {
  it('is live with the first message, not with the open line', () => {
    const f = feed()
    f.start()
    FakeSocket.last.onopen?.()
    expect(f.state).toBe('connecting')
    FakeSocket.last.say({ type: 'snapshot' })
    expect(f.state).toBe('live')
  })

  it('sends the heartbeat at once and every three seconds', () => {
    const f = feed()
    f.start()
    FakeSocket.last.onopen?.()
    vi.advanceTimersByTime(2 * HEARTBEAT_MS)
    expect(FakeSocket.last.sent).toEqual(Array(3).fill('{"type":"heartbeat"}'))
  })

  it('connects again with growing pauses and begins small after success', () => {
    const f = feed()
    f.start()
    for (const pause of [500, 1000, 2000]) {
      const before = FakeSocket.all.length
      FakeSocket.last.close()
      expect(f.state).toBe('lost')
      vi.advanceTimersByTime(pause - 1)
      expect(FakeSocket.all.length).toBe(before)
      vi.advanceTimersByTime(1)
      expect(FakeSocket.all.length).toBe(before + 1)
    }
    FakeSocket.last.say({ type: 'snapshot' })
    FakeSocket.last.close()
    vi.advanceTimersByTime(500)
    expect(FakeSocket.all.length).toBe(5)
  })

  it('never waits longer than ten seconds nor less than half the step', () => {
    expect(pauseBefore(40, () => 1)).toBe(10_000)
    expect(pauseBefore(0, () => 0)).toBe(250)
  })

  it('takes a silent line for dead', () => {
    const f = feed()
    f.start()
    FakeSocket.last.onopen?.()
    FakeSocket.last.say({ type: 'snapshot' })
    vi.advanceTimersByTime(SILENCE_MS + 2 * HEARTBEAT_MS)
    expect(FakeSocket.all[0]!.closed).toBe(true)
    expect(FakeSocket.all.length).toBeGreaterThan(1)
  })

  it('stops hearing when told so, and passes over what is not a message', () => {
    const f = feed()
    const heard: unknown[] = []
    const off = f.on('agents', (message) => heard.push(message.agents))
    f.start()
    FakeSocket.last.say('no json')
    FakeSocket.last.say('null')
    FakeSocket.last.say({ type: 'agents', agents: [1] })
    off()
    FakeSocket.last.say({ type: 'agents', agents: [2] })
    expect(heard).toEqual([[1]])
  })

  it('stays closed after stop', () => {
    const f = feed()
    f.start()
    f.stop()
    vi.advanceTimersByTime(60_000)
    expect(FakeSocket.all.length).toBe(1)
    expect(f.state).toBe('closed')
  })
})

describe('changed rows', () => {
  it('take their places and leave the others', () => {
    const rows = [
      { number: '8001', presence: 'ready' },
      { number: '8002', presence: 'ready' }
    ]
    const after = withChanged(rows, [{ number: '8002', presence: 'on_call' }], (row) => row.number)
    expect(after.map((row) => row.presence)).toEqual(['ready', 'on_call'])
    expect(after[0]).toBe(rows[0])
  })
})
