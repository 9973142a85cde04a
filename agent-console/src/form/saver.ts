/**
 * Sends answers one after the other, in the order given: two saves of the same question must not
 * overtake each other. A failed save is kept and sent again with the next one or by {@link retry}.
 */
import type { Answers } from '../api/types'

export type SaveState = 'idle' | 'saving' | 'saved' | 'failed'

export class AnswerSaver {
  private pending: Answers = {}
  private running: Promise<void> | null = null

  constructor(
    private readonly send: (answers: Answers) => Promise<unknown>,
    private readonly onState: (state: SaveState) => void
  ) {}

  save(code: string, value: string): void {
    this.pending[code] = value
    this.retry()
  }

  retry(): void {
    this.running ??= this.drain().finally(() => (this.running = null))
  }

  /** Waits until nothing is under way. True when everything has been saved. */
  async settled(): Promise<boolean> {
    while (this.running) await this.running
    return Object.keys(this.pending).length === 0
  }

  private async drain(): Promise<void> {
    while (Object.keys(this.pending).length > 0) {
      const batch = this.pending
      this.pending = {}
      this.onState('saving')
      try {
        await this.send(batch)
      } catch {
        this.pending = { ...batch, ...this.pending }
        this.onState('failed')
        return
      }
    }
    this.onState('saved')
  }
}
