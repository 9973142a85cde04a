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
