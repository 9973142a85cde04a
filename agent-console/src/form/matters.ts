/** Matters as a person writes them, and what the engine wants of it. */
import type { Contact, Device, Matter, MatterForm, MatterKind, Suggestion } from '../api/matters'

/** What the form shows. A site is one text: customer's code, blank, site's code. */
export interface Draft {
  kind: string
  customer: string
  site: string
  siteName: string
  device: string
  number: string
  faultCode: string
  description: string
  openedAt: Date | null
  /** Devices known at the site. */
  devices: Device[]
}

export function blank(): Draft {
  return {
    kind: '',
    customer: '',
    site: '',
    siteName: '',
    device: '',
    number: '',
    faultCode: '',
    description: '',
    openedAt: null,
    devices: []
  }
}

/** A new one begins with who calls; a site with one device is about that one. */
export function draftOf(suggestion: Suggestion): Draft {
  return {
    ...blank(),
    customer: suggestion.customerCode,
    site: suggestion.siteCode,
    siteName: suggestion.siteName,
    number: suggestion.number,
    devices: suggestion.devices,
    device: suggestion.devices.length === 1 ? suggestion.devices[0]!.name : ''
  }
}

export function draftFrom(matter: Matter): Draft {
  return {
    kind: matter.kind,
    customer: matter.customerCode ?? '',
    site: matter.siteCode ?? '',
    siteName: matter.siteName ?? '',
    device: matter.device,
    number: matter.number ?? '',
    faultCode: matter.faultCode,
    description: matter.description,
    openedAt: new Date(matter.openedAt),
    devices: matter.deviceId === null ? [] : [{ id: matter.deviceId, name: matter.device }]
  }
}

/**
 * @param before the matter that is changed, null = a new one
 * @param contact the call or callback it came up in
 */
export function formOf(draft: Draft, before: Matter | null, contact: Contact | null): MatterForm {
  const known = draft.devices.find((device) => device.name === draft.device.trim())
  const opened = draft.openedAt?.toISOString()
  return {
    kind: draft.kind,
    customer: draft.customer.trim() || null,
    site: draft.site.trim() || null,
    deviceId: known && draft.site.trim() ? known.id : null,
    device: known && draft.site.trim() ? '' : draft.device.trim(),
    // A number shown masked goes back as it came: the engine knows it.
    number: draft.number.trim(),
    faultCode: draft.faultCode.trim(),
    description: draft.description,
    ...(opened && opened !== before?.openedAt ? { openedAt: opened } : {}),
    ...(before ? { version: before.version } : {}),
    ...(contact ? { contact } : {})
  }
}

export interface Branch extends MatterKind {
  children: MatterKind[]
}

/** The tree in its order. */
export function tree(kinds: MatterKind[]): Branch[] {
  return kinds
    .filter((kind) => kind.parent === null)
    .map((kind) => ({ ...kind, children: kinds.filter((child) => child.parent === kind.code) }))
}

/** Kinds that can be chosen now, and the one that is chosen already. */
export function offered(kinds: MatterKind[], chosen: string): Branch[] {
  const free = (kind: MatterKind) => kind.active || kind.code === chosen
  return tree(kinds)
    .map((kind) => ({
      ...kind,
      children: kind.children.filter((child) => (kind.active && child.active) || child.code === chosen)
    }))
    .filter((kind) => free(kind) || kind.children.length > 0)
}

export const late = (matter: Matter, now: number) =>
  matter.doneAt === null && matter.dueAt !== null && Date.parse(matter.dueAt) < now
