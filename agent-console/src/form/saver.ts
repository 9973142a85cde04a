/**
 * Sends answers one after the other, in the order given: two saves of the same question must not
 * overtake each other. What could not be sent is kept and sent again with the next one or by
 * {@link retry}; what the engine refuses is not, it would be refused for ever.
 */
import { ApiError } from '../api/http'
import type { Answers } from '../api/types'

export type SaveState = 'idle' | 'saving' | 'saved' | 'failed' | 'refused'

/** Whether the same request may succeed later. */
export function worthRetrying(problem: unknown): boolean {
  if (!(problem instanceof ApiError)) return true
  // 401: whoever logs in again may send it
  return [0, 401, 429].includes(problem.status) || problem.status >= 500
}

export class AnswerSaver {
  private pending: Answers = {}
  private running: Promise<void> | null = null

  /**
   * @param stands whether a question is still asked: an answer whose question has fallen away
   *   while it waited is not sent
   */
  constructor(
    private readonly send: (answers: Answers) => Promise<unknown>,
    private readonly onState: (state: SaveState) => void,
    private readonly stands: (code: string) => boolean = () => true
  ) {}

  save(code: string, value: string): void {
    this.pending[code] = value
    this.retry()
  }

  retry(): void {
    this.running ??= this.drain().finally(() => (this.running = null))
  }

  /** Waits until nothing is under way. True when nothing is left to be sent. */
  async settled(): Promise<boolean> {
    while (this.running) await this.running
    return Object.keys(this.pending).length === 0
  }

  private async drain(): Promise<void> {
    let refused = false
    for (let batch = this.take(); Object.keys(batch).length > 0; batch = this.take()) {
      this.onState('saving')
      try {
        await this.send(batch)
      } catch (problem) {
        if (worthRetrying(problem)) {
          this.pending = { ...batch, ...this.pending }
          this.onState('failed')
          return
        }
        refused = true
        if (!(await this.oneByOne(batch))) return
      }
    }
    this.onState(refused ? 'refused' : 'saved')
  }

  /** One wrong answer must not take the others with it. False when what is left must wait. */
  private async oneByOne(batch: Answers): Promise<boolean> {
    const entries = Object.entries(batch)
    if (entries.length < 2) return true
    for (const [i, [code, value]] of entries.entries()) {
      try {
        await this.send({ [code]: value })
      } catch (problem) {
        if (!worthRetrying(problem)) continue
        this.pending = { ...Object.fromEntries(entries.slice(i)), ...this.pending }
        this.onState('failed')
        return false
      }
    }
    return true
  }

  private take(): Answers {
    const entries = Object.entries(this.pending).filter(([code]) => this.stands(code))
    this.pending = {}
    return Object.fromEntries(entries)
  }
}
