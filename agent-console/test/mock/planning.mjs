/** Cadences, roster and months of the made-up engine; undefined = not about them. */
const cadence = (over) => ({
  owner: 'customer', tierCode: null, customerCode: null, siteCode: null, cadence: {}, version: 1,
  savedBy: 'plan', savedAt: '2026-11-30T02:00:00Z', refusedBy: null, refusedAt: null, ...over
})
const CADENCES = [
  cadence({ owner: 'tier', tierCode: 'platinum', cadence: { visits: { by: 'last-visit', every: '90d', gap: '30d' } } }),
  cadence({
    customerCode: 'RJ <b>',
    refusedBy: 'chen',
    refusedAt: '2026-11-30T03:00:00Z',
    cadence: {
      campaign: 'RJ-2026',
      visits: { by: 'calendar', from: '2027-01-11', every: '3mo', gap: '30d', at: '09:00', closes: '45d' },
      events: [{ after: 'hand_over', in: '3h' }, { after: 'repair', in: '1d', campaign: 'RJ-repair' }],
      warranty: { visits: 2 },
      answeredByRecord: '7d'
    }
  }),
  cadence({ owner: 'site', customerCode: 'RJ', siteCode: 'RJ-SH-021', cadence: { visits: { by: 'never' } } })
]

const monday = (week) => new Date(Date.UTC(2026, 10, 30) + week * 7 * 86_400_000).toISOString().slice(0, 10)

function preview(zh) {
  const weeks = Array.from({ length: 53 }, (_, i) => {
    const calls = i % 13 < 2 ? 9000 : i % 4 === 1 ? 640 : 0
    const needed = Math.round((calls * 4) / 6) / 10
    const present = i === 11 ? 0 : i < 8 ? 1050 : 480
    return {
      monday: monday(i), workingDays: i === 11 ? 0 : 5, sites: calls / 3, calls, neededHours: needed,
      presentHours: present, roster: i < 8, hotlineHours: 61.5,
      missingHours: Math.max(0, Math.round((needed - Math.max(0, present - 61.5)) * 10) / 10),
      suffices: needed <= Math.max(0, present - 61.5)
    }
  })
  return {
    measured: { attemptsPerCompleted: 2.4, attemptsMeasuredOn: 512, handlingSeconds: 221.5, handlingMeasuredOn: 1230, hotlineHoursPerWeek: 61.5 },
    weeks,
    rounds: [0, 13, 26, 39].map((week) => ({ campaign: 'RJ-2026', origin: 'calendar', day: monday(week), until: monday(week + 2), sites: 6000 })),
    formula: zh ? '呼叫数 = 门店数 × 每完成一个门店的呼叫次数。' : 'Calls = sites x attempts per completed site.'
  }
}

export function planningAnswer(key, url, body, zh) {
  if (key === 'GET /cadences') return CADENCES
  if (key === 'GET /cadence') {
    return (
      CADENCES.find(
        (each) =>
          (each.tierCode ?? '') === (url.searchParams.get('tier') ?? '') &&
          (each.customerCode ?? '') === (url.searchParams.get('customer') ?? '') &&
          (each.siteCode ?? '') === (url.searchParams.get('site') ?? '')
      ) ?? cadence({ customerCode: url.searchParams.get('customer'), version: 0, savedBy: null, savedAt: null })
    )
  }
  if (key === 'PUT /cadence') {
    return [400, { error: 'invalid', message: zh ? 'cadence.visits.gap：最小间隔 100 天长于回访周期 3mo' : 'cadence.visits.gap: a gap of 100 days is longer than the cadence 3mo' }]
  }
  if (key === 'GET /roster') {
    return ['8001', '8002'].map((agent, i) => ({ id: i + 1, agent, date: url.searchParams.get('from'), from: '09:00', to: '18:00' }))
  }
  if (key === 'GET /preview') return preview(zh)
  return undefined
}
