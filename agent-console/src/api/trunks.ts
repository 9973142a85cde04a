/** What lives on the trunks and how calls out fare, as the engine gives it. */
import { request } from './http'

export interface TrunkHour {
  hour: string
  placed: number
  answered: number
  noChannel: number
}

export interface Trunk {
  name: string
  channels: number
  outboundShare: number
  callsPerSecond: number
  inbound: number
  outbound: number
  reserved: number
  heldBack: number
  hours: TrunkHour[]
}

export interface ShownDay {
  day: string
  placed: number
  answered: number
  rate: number | null
}

export interface ShownNumber {
  trunk: string
  number: string
  ours: boolean
  owner: string | null
  proof: string | null
  until: string | null
  expired: boolean
  days: ShownDay[]
  mean: number | null
  alarm: boolean
}

export interface Trunks {
  today: string
  trunks: Trunk[]
  numbers: ShownNumber[]
  leastOfDay: number
  leastBefore: number
}

export const trunks = { all: () => request<Trunks>('GET', '/trunks') }
