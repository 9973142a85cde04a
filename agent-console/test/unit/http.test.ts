import { afterEach, describe, expect, it, vi } from 'vitest'
import { careline } from '../../src/api/careline'
import { i18n, speak } from '../../src/i18n'
import { explain } from '../../src/stores/notice'
import { ApiError, onSignedOut, request } from '../../src/api/http'

function answer(status: number, body: unknown, headers: Record<string, string> = {}) {
  const fake = vi.fn(async (_url: string, _init: RequestInit) => {
    const text = body === null ? null : typeof body === 'string' ? body : JSON.stringify(body)
    return new Response(text, { status, headers })
  })
  vi.stubGlobal('fetch', fake)
  return fake
}

const headersOf = (fake: ReturnType<typeof answer>) =>
  fake.mock.calls[0]![1].headers as Record<string, string>

afterEach(() => {
  vi.unstubAllGlobals()
  onSignedOut(() => undefined)
})

describe('request', () => {
  it('sends the header against foreign pages with everything but GET', async () => {
    const get = answer(200, {})
    await careline.status()
    expect(headersOf(get)['X-Careline']).toBeUndefined()
    const put = answer(204, null)
    await careline.wish('not_ready', 'break')
    expect(headersOf(put)['X-Careline']).toBe('1')
    expect(put.mock.calls[0]![0]).toBe('/api/v1/agents/me/presence')
    expect(put.mock.calls[0]![1].body).toBe('{"wish":"not_ready","reason":"break"}')
  })

  it('asks for reasons in the language chosen in the console', async () => {
    for (const language of ['zh', 'en'] as const) {
      speak(language, false)
      const fake = answer(200, {})
      await careline.status()
      expect(headersOf(fake)['Accept-Language']).toBe(language)
    }
  })

  it('shows the reason of the engine where the console has no words of its own', () => {
    const refused = new ApiError(409, 'round_not_closed', 'RJ 第 1 轮尚未结束（open），请先结束')
    expect(explain(refused)).toBe('RJ 第 1 轮尚未结束（open），请先结束')
    expect(explain(new ApiError(409, 'round_not_closed', ''))).toBe(i18n.global.t('errors.conflict'))
    const login = new ApiError(401, 'wrong_login', 'x')
    expect(explain(login)).toBe(i18n.global.t('errors.wrong_login'))
  })

  it('gives null for an empty answer', async () => {
    answer(204, null)
    expect(await careline.endWrapUp()).toBeNull()
  })

  it('throws the refusal with its stable id and details', async () => {
    answer(409, { error: 'round_open', message: 'a round is open', details: { number: 2 } })
    const problem = await careline.openRound('RJ').catch((e: unknown) => e)
    expect(problem).toBeInstanceOf(ApiError)
    expect(problem).toMatchObject({ status: 409, id: 'round_open', details: { number: 2 } })
  })

  it('names a refusal that is not JSON by its status', async () => {
    answer(502, '<html>bad gateway</html>')
    await expect(request('GET', '/status')).rejects.toMatchObject({ id: 'http_502' })
  })

  it('tells of an ended session, but not of a wrong password', async () => {
    const ended = vi.fn()
    onSignedOut(ended)
    answer(401, { error: 'wrong_login', message: '' })
    await careline.logIn('a', 'b').catch(() => undefined)
    expect(ended).not.toHaveBeenCalled()
    answer(401, { error: 'signed_out', message: '' })
    await careline.work().catch(() => undefined)
    expect(ended).toHaveBeenCalledOnce()
  })

  it('says unreachable when there is no answer at all', async () => {
    vi.stubGlobal('fetch', vi.fn().mockRejectedValue(new TypeError('failed')))
    await expect(request('GET', '/status')).rejects.toMatchObject({ status: 0, id: 'unreachable' })
  })

  it('gives up at its deadline', async () => {
    vi.stubGlobal('fetch', (_: string, init: RequestInit) => {
      return new Promise((_, reject) =>
        init.signal!.addEventListener('abort', () => reject(new Error('aborted')))
      )
    })
    await expect(request('GET', '/status', { deadlineMs: 10 })).rejects.toMatchObject({
      id: 'timeout'
    })
  })

  it('keeps odd names inside their place in the address', async () => {
    const fake = answer(200, {})
    await careline.report('a/../b?c')
    expect(fake.mock.calls[0]![0]).toBe('/api/v1/campaigns/a%2F..%2Fb%3Fc/rounds/current/report')
    const upload = answer(200, {})
    await careline.importFile('sites', new File(['x'], 'a&dryRun=false.csv'), {
      dryRun: true,
      fullList: false,
      customer: ''
    })
    expect(upload.mock.calls[0]![0]).toBe(
      '/api/v1/imports/sites?dryRun=true&fileName=a%26dryRun%3Dfalse.csv'
    )
  })
})
