import { afterEach, expect, it, vi } from 'vitest'
import SiteImport from '../../src/components/SiteImport.vue'
import { speak } from '../../src/i18n'
import { mount } from './mount'

afterEach(() => vi.unstubAllGlobals())

it('asks for the reasons of rejected rows anew when another language is chosen', async () => {
  speak('en', false)
  const asked: string[] = []
  vi.stubGlobal(
    'fetch',
    vi.fn(async (url: string, init: RequestInit) => {
      const language = (init.headers as Record<string, string>)['Accept-Language']
      asked.push(`${new URL(url, 'http://x').searchParams.get('dryRun')} ${language}`)
      const reason = language === 'zh' ? '没有这个等级' : 'unknown tier'
      return new Response(
        JSON.stringify({
          added: 1,
          changed: 0,
          unchanged: 0,
          rejected: 1,
          rejects: [{ line: 3, column: 'tier', reason }],
          rejectsCsv: ''
        })
      )
    })
  )
  const page = mount(SiteImport, {})
  const input = page.querySelector<HTMLInputElement>('[data-test=file]')!
  Object.defineProperty(input, 'files', { value: [new File(['x'], 'sites.csv')] })
  input.dispatchEvent(new Event('change'))
  await vi.waitFor(() => expect(page.textContent).toContain('unknown tier'))
  speak('zh', false)
  await vi.waitFor(() => expect(page.textContent).toContain('没有这个等级'))
  expect(page.textContent).not.toContain('unknown tier')
  expect(asked).toEqual(['true en', 'true zh'])
})

it('tells what would be different, and keeps the columns of a customer’s own file', async () => {
  speak('en', false)
  const asked: string[] = []
  let saved: unknown = null
  vi.stubGlobal(
    'fetch',
    vi.fn(async (address: string, init: RequestInit) => {
      const url = new URL(address, 'http://x')
      asked.push(`${init.method} ${decodeURIComponent(url.pathname + url.search)}`)
      if (url.pathname.includes('/mappings/')) {
        if (init.method === 'PUT') saved = JSON.parse(String(init.body))
        return new Response(
          JSON.stringify({ heads: { 店名: 'site_name' }, columns: ['site_code', 'site_name'] })
        )
      }
      return new Response(
        JSON.stringify({
          added: 0,
          changed: 1,
          unchanged: 0,
          rejected: 0,
          rejects: [],
          rejectsCsv: '',
          duplicates: 1,
          twins: [{ line: 4, column: 'site_code', reason: 'has name and number of the site S3' }],
          toConfirm: 1,
          details: [
            {
              line: 2,
              what: 'changed',
              name: 'RJ/S1',
              fields: [{ column: 'tier', former: 'gold', value: '<b>silver</b>' }]
            },
            { line: 0, what: 'to_confirm', name: 'RJ/S9', fields: [] }
          ]
        })
      )
    })
  )
  const page = mount(SiteImport, {})
  const whose = page.querySelector<HTMLInputElement>('[data-test=whose]')!
  whose.value = 'RJ'
  whose.dispatchEvent(new Event('input'))
  page.querySelector<HTMLInputElement>('[data-test=full-list] input')!.click()
  const input = page.querySelector<HTMLInputElement>('[data-test=file]')!
  Object.defineProperty(input, 'files', { value: [new File(['编号,店名\n'], 'sites.csv')] })
  input.dispatchEvent(new Event('change'))
  await vi.waitFor(() => expect(page.textContent).toContain('To confirm: RJ/S9'))
  expect(asked[0]).toBe(
    'POST /api/v1/imports/sites?dryRun=true&fileName=sites.csv&fullList=true&customer=RJ'
  )
  expect(page.textContent).toContain('<b>silver</b>')
  expect(page.textContent).toContain('has name and number of the site S3')
  expect(page.querySelector('[data-test=export-xlsx]')!.getAttribute('href')).toBe(
    '/api/v1/exports/sites?format=xlsx&customer=RJ'
  )
  page.querySelector<HTMLElement>('[data-test=mapping]')!.click()
  await vi.waitFor(() => expect(page.querySelectorAll('.pair')).toHaveLength(2))
  page.querySelector<HTMLElement>('[data-test=save-mapping]')!.click()
  await vi.waitFor(() => expect(saved).toEqual({ heads: { 店名: 'site_name' } }))
  expect(asked).toContain('GET /api/v1/customers/RJ/mappings/sites')
})
