/**
 * The browser's telephone: registers with the secret the engine gives for a short time, renews it
 * before it ends, and carries at most one call.
 */
import type { UA } from 'jssip'
import type { RTCSession } from 'jssip/lib/RTCSession'
import type { SoftphoneAccess } from '../api/types'
import { answersByItself } from './autoAnswer'
import { Ringtone } from './ringtone'

export type Registration =
  /** Not started. */
  | 'off'
  | 'connecting'
  | 'registered'
  /** The connection is gone; it is tried again by itself. */
  | 'lost'
  /** Refused; tried again by itself with a new secret. */
  | 'refused'
  /** The agent has a fixed desk phone: nothing to register here. */
  | 'desk'
  /** Another tab of this browser has the phone. */
  | 'elsewhere'

export interface PhoneCall {
  state: 'ringing' | 'answering' | 'talking'
  from: string
  since: number
  muted: boolean
  automatic: boolean
}

export interface PhoneView {
  registration: Registration
  deskPhone: string | null
  microphone: 'unknown' | 'granted' | 'denied' | 'insecure'
  call: PhoneCall | null
  /** Why the last call ended, when it was not a normal end. */
  trouble: string | null
}

interface Options {
  access: () => Promise<SoftphoneAccess>
  audio: HTMLAudioElement
  changed: (view: PhoneView) => void
}

const REGISTER_SECONDS = 60
const MEDIA = {
  mediaConstraints: { audio: true, video: false },
  // Agents and switch see each other directly; no address is given to a foreign STUN server.
  pcConfig: { iceServers: [] }
}

export class Softphone {
  private view: PhoneView = {
    registration: 'off',
    deskPhone: null,
    microphone: 'unknown',
    call: null,
    trouble: null
  }
  private ua: UA | null = null
  private session: RTCSession | null = null
  private renewal: ReturnType<typeof setTimeout> | null = null
  private refusals = 0
  private releaseLock: (() => void) | null = null
  private readonly ringtone = new Ringtone()

  constructor(private readonly options: Options) {}

  /**
   * Registers. Only one tab of a browser has the phone: two would push each other off the switch
   * with every renewal.
   *
   * @param take pull the phone over from another tab
   */
  async start(take = false): Promise<void> {
    if (this.ua || this.view.registration === 'desk') return
    if (!(await this.lock(take))) {
      this.set({ registration: 'elsewhere' })
      return
    }
    this.set({ registration: 'connecting' })
    await this.connect()
  }

  /** The engine is there again: what was put off for want of it waits no longer. */
  again(): void {
    if (!['connecting', 'lost', 'refused'].includes(this.view.registration)) return
    this.refusals = 0
    this.later(() => (this.ua ? this.renew() : this.connect()), 0)
  }

  stop(): void {
    if (this.renewal) clearTimeout(this.renewal)
    this.renewal = null
    this.ringtone.stop()
    this.ua?.stop()
    this.ua = null
    this.session = null
    this.releaseLock?.()
    this.releaseLock = null
    this.set({ registration: 'off', call: null, deskPhone: null })
  }

  answer(): void {
    const { session } = this
    if (!session || this.view.call?.state !== 'ringing') return
    this.ringtone.stop()
    this.setCall({ state: 'answering' })
    session.answer(MEDIA)
  }

  hangUp(): void {
    this.ringtone.stop()
    if (!this.session || this.session.isEnded()) return
    // 486 tells the engine that the agent refused, which is not the same as not hearing it.
    this.session.terminate(this.view.call?.state === 'ringing' ? { status_code: 486 } : undefined)
  }

  toggleMute(): void {
    const { session } = this
    if (!session?.isEstablished()) return
    if (session.isMuted().audio) session.unmute({ audio: true })
    else session.mute({ audio: true })
    this.setCall({ muted: Boolean(session.isMuted().audio) })
  }

  /** One key towards the far end, while a talk goes on. */
  sendKey(key: string): void {
    if (!this.session?.isEstablished() || !/^[0-9*#]$/.test(key)) return
    this.session.sendDTMF(key, { transportType: 'RFC2833' as never, duration: 120 })
  }

  /** Asks for the microphone before the first call rings, not while it does. */
  async checkMicrophone(): Promise<void> {
    if (!navigator.mediaDevices) {
      this.set({ microphone: 'insecure' })
      return
    }
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ audio: true })
      stream.getTracks().forEach((track) => track.stop())
      this.set({ microphone: 'granted' })
    } catch {
      this.set({ microphone: 'denied' })
    }
  }

  /** Read afresh: it changes while one waits. */
  private stopped(): boolean {
    return this.view.registration === 'off'
  }

  private async connect(): Promise<void> {
    let access: SoftphoneAccess
    try {
      access = await this.options.access()
    } catch {
      if (this.stopped()) return // Stopped meanwhile.
      this.set({ registration: 'lost' })
      this.later(() => this.connect(), 3_000)
      return
    }
    if (this.stopped()) return
    if ('deskPhone' in access) {
      this.set({ registration: 'desk', deskPhone: access.deskPhone })
      return
    }
    void this.checkMicrophone()
    const { default: JsSIP } = await import('jssip')
    if (this.ua || this.stopped()) return
    const ua = new JsSIP.UA({
      sockets: [new JsSIP.WebSocketInterface(access.websocket)],
      uri: access.uri,
      authorization_user: access.user,
      password: access.secret,
      register_expires: REGISTER_SECONDS,
      session_timers: false,
      connection_recovery_min_interval: 1,
      connection_recovery_max_interval: 8,
      user_agent: 'Careline console'
    })
    this.ua = ua
    ua.on('registered', () => {
      this.refusals = 0
      this.set({ registration: 'registered' })
    })
    ua.on('unregistered', () => {
      if (this.ua === ua) this.set({ registration: 'lost' })
    })
    ua.on('disconnected', () => {
      if (this.ua === ua) this.set({ registration: 'lost' })
    })
    ua.on('registrationFailed', () => {
      this.set({ registration: 'refused' })
      this.later(() => this.renew(), Math.min(30_000, 1_000 * 2 ** this.refusals++))
    })
    ua.on('newRTCSession', ({ session, request }: SessionEvent) => this.arrived(session, request))
    ua.start()
    this.renewBefore(access.expiresAt)
  }

  /** A new secret for the same registration; a call that is up is not touched. */
  private async renew(): Promise<void> {
    const { ua } = this
    if (!ua) return
    try {
      const access = await this.options.access()
      if (this.ua !== ua || !('secret' in access)) return
      ua.set('password', access.secret)
      if (ua.isConnected()) ua.register()
      this.renewBefore(access.expiresAt)
    } catch {
      this.later(() => this.renew(), 5_000)
    }
  }

  private renewBefore(expiresAt: string): void {
    const left = Date.parse(expiresAt) - Date.now()
    this.later(() => this.renew(), Math.max(30_000, (Number.isNaN(left) ? 600_000 : left) * 0.7))
  }

  private later(act: () => Promise<void>, ms: number): void {
    if (this.renewal) clearTimeout(this.renewal)
    this.renewal = setTimeout(() => void act(), ms)
  }

  private arrived(session: RTCSession, request: SipRequest): void {
    if (session.direction !== 'incoming') return
    if (this.session && !this.session.isEnded()) {
      session.terminate({ status_code: 486 })
      return
    }
    this.session = session
    const automatic = answersByItself((name) => request.getHeader(name))
    this.set({
      trouble: null,
      call: {
        state: 'ringing',
        from: session.remote_identity?.uri?.user ?? '',
        since: Date.now(),
        muted: false,
        automatic
      }
    })
    session.on('peerconnection', ({ peerconnection }) => this.listen(peerconnection))
    session.on('confirmed', () => this.setCall({ state: 'talking', since: Date.now() }))
    session.on('ended', () => this.ended(session, null))
    session.on('failed', ({ cause, originator }) =>
      this.ended(session, originator === 'local' ? null : cause)
    )
    session.on('getusermediafailed', () => this.set({ microphone: 'denied' }))
    if (session.connection) this.listen(session.connection)
    if (automatic) this.answer()
    else this.ringtone.start()
  }

  private listen(connection: RTCPeerConnection): void {
    connection.addEventListener('track', (event) => {
      this.options.audio.srcObject = event.streams[0] ?? new MediaStream([event.track])
      void this.options.audio.play().catch(() => this.set({ trouble: 'playback' }))
    })
  }

  private ended(session: RTCSession, cause: string | null): void {
    if (this.session !== session) return
    this.session = null
    this.ringtone.stop()
    this.options.audio.srcObject = null
    // A caller who gave up while it rang is not a fault of the phone.
    this.set({ call: null, trouble: cause === 'Canceled' ? null : cause })
  }

  private async lock(take: boolean): Promise<boolean> {
    if (this.releaseLock || !navigator.locks) return true
    return new Promise((granted) => {
      const hold = (lock: Lock | null) => {
        granted(lock !== null)
        return lock && new Promise<void>((release) => (this.releaseLock = release))
      }
      navigator.locks
        .request('careline-phone', take ? { steal: true } : { ifAvailable: true }, hold)
        .catch(() => this.taken())
    })
  }

  private taken(): void {
    this.releaseLock = null
    this.stop()
    this.set({ registration: 'elsewhere' })
  }

  private setCall(change: Partial<PhoneCall>): void {
    if (this.view.call) this.set({ call: { ...this.view.call, ...change } })
  }

  private set(change: Partial<PhoneView>): void {
    this.view = { ...this.view, ...change }
    this.options.changed(this.view)
  }
}

interface SipRequest {
  getHeader(name: string): string | undefined
}

interface SessionEvent {
  session: RTCSession
  request: SipRequest
}
