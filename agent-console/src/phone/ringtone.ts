/** The ring: 450 Hz, one second on, four seconds off, as every phone in China rings. */
export class Ringtone {
  private context: AudioContext | null = null
  private timer: ReturnType<typeof setInterval> | null = null

  start(): void {
    if (this.timer) return
    try {
      this.context ??= new AudioContext()
      void this.context.resume()
    } catch {
      return // No sound device: the ring is still on the screen.
    }
    this.pulse()
    this.timer = setInterval(() => this.pulse(), 5000)
  }

  stop(): void {
    if (this.timer) clearInterval(this.timer)
    this.timer = null
    void this.context?.close()
    this.context = null
  }

  private pulse(): void {
    const context = this.context
    if (!context) return
    const gain = context.createGain()
    const now = context.currentTime
    // Soft edges: a square start clicks in a headset.
    gain.gain.setValueAtTime(0, now)
    gain.gain.linearRampToValueAtTime(0.12, now + 0.03)
    gain.gain.setValueAtTime(0.12, now + 0.95)
    gain.gain.linearRampToValueAtTime(0, now + 1)
    gain.connect(context.destination)
    const tone = context.createOscillator()
    tone.frequency.value = 450
    tone.connect(gain)
    tone.start(now)
    tone.stop(now + 1)
  }
}
