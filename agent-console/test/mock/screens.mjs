// Pictures of every page, wide and narrow, in both languages, from the made-up engine:
//   node test/mock/screens.mjs BUILT_FOLDER PICTURES_FOLDER
// Fails when a page writes an error to the console, runs foreign script or is wider than its window.
import fs from 'node:fs'
import { chromium } from 'playwright-core'
import { serve } from './server.mjs'

const [folder, pictures] = process.argv.slice(2)
fs.mkdirSync(pictures, { recursive: true })
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync'
  ]
})
const mock = await serve(folder)
const problems = []

async function shoot(page, name) {
  await page.waitForTimeout(450)
  await page.screenshot({ path: `${pictures}/${name}.png`, fullPage: true })
  const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
  if (over > 0) problems.push(`${name}: ${over} px wider than the window`)
}

async function enter(page, login) {
  await page.goto(mock.url)
  await page.fill('#login', login)
  await page.fill('#password', 'test')
  await page.press('#password', 'Enter')
  await page.waitForSelector('nav a')
}

for (const [size, width, height] of [
  ['wide', 1440, 900],
  ['narrow', 390, 844]
]) {
  for (const language of ['zh', 'en']) {
    const context = await browser.newContext({
      viewport: { width, height },
      locale: language === 'zh' ? 'zh-CN' : 'en-GB',
      timezoneId: 'Asia/Shanghai'
    })
    await context.addInitScript((value) => localStorage.setItem('careline.language', value), language)
    const page = await context.newPage()
    const label = (name) => `${name}-${size}-${language}`
    page.on('pageerror', (error) => problems.push(`${size} ${language}: ${error}`))
    page.on('console', (message) => {
      const expected = /40[019] \((Unauthorized|Bad Request|Conflict)\)|WebSocket connection/.test(message.text())
      if (message.type() === 'error' && !expected) problems.push(`${size} ${language}: ${message.text()}`)
    })
    page.on('dialog', (dialog) => {
      problems.push(`${size} ${language}: foreign script ran`)
      void dialog.dismiss()
    })

    mock.forget()
    await mock.scene('idle')
    await page.goto(mock.url)
    await shoot(page, label('login'))
    await enter(page, 'li')
    await shoot(page, label('work-idle'))
    await mock.scene('stranger')
    await page.waitForSelector('[data-test=bind]')
    await page.keyboard.press('Alt+KeyB')
    await page.keyboard.type('虹桥')
    await page.waitForSelector('[data-found=RJ-SH-021]')
    await shoot(page, label('work-bind'))
    await page.keyboard.press('Escape')
    for (const scene of ['call', 'wrapup', 'task', 'callback', 'heard']) {
      await mock.scene(scene)
      await shoot(page, label(`work-${scene}`))
    }
    await mock.scene('call')
    await page.click('[data-test=new-matter]')
    await page.fill('textarea[data-test=description]', '三楼没有热水 no hot water')
    await page.click('[data-result=answer] >> nth=0')
    await shoot(page, label('work-call-matter'))
    await mock.scene('idle')
    await page.click('[data-test=continue]')
    await page.waitForSelector('[data-test=matter-form]')
    await shoot(page, label('work-draft'))
    await mock.scene('callback')
    await page.waitForSelector('[data-test=call-matters] [data-open]')
    await page.click('[data-question=fault_solved] label:nth-child(2)')
    await page.click('[data-disposition=appointment]')
    await shoot(page, label('work-callback-form'))
    await mock.scene('down')
    await shoot(page, label('work-database-down'))
    await mock.scene('ready')
    await page.click('nav a >> nth=1')
    await shoot(page, label('live'))
    await page.goto(`${mock.url}#/tasks`)
    await page.waitForSelector('[data-task=promise-a]')
    await shoot(page, label('tasks'))
    await page.goto(`${mock.url}#/calls`)
    await page.waitForSelector('[data-call=c-1]')
    await shoot(page, label('calls-agent'))
    await page.goto(`${mock.url}#/my-figures`)
    await page.waitForSelector('[data-figure=rona]')
    await shoot(page, label('my-figures'))
    await page.click('[data-figure=rona] [data-test=rows]')
    await page.click('[data-test=contest] >> nth=0')
    await shoot(page, label('my-figures-contest'))
    await page.keyboard.press('Escape')
    await page.waitForTimeout(300)
    await page.click('.right .el-button')
    await page.waitForSelector('#login')
    await enter(page, 'boss')
    await page.goto(`${mock.url}#/live`)
    await page.click('[data-agent="8001"] [data-test=not-ready]')
    await page.waitForSelector('.el-message-box')
    await shoot(page, label('live-orders'))
    await page.keyboard.press('Escape')
    await page.waitForTimeout(300)
    await page.goto(`${mock.url}#/lines`)
    await page.click('[data-test=add-disposition]')
    await shoot(page, label('dispositions'))
    await page.goto(`${mock.url}#/figures`)
    await page.waitForSelector('[data-figure=service_level]')
    await page.waitForSelector('canvas')
    await shoot(page, label('figures'))
    await page.hover('[data-figure=service_level] .mark')
    await shoot(page, label('figures-formula'))
    await page.hover('[data-test=matter-figures] .mark >> nth=6')
    await page.waitForTimeout(300)
    await page.locator('[data-test=matter-figures]').screenshot({ path: `${pictures}/${label('matter-figures')}.png` })
    await page.waitForSelector('[data-test=trunk-figures] [data-number]')
    await page.locator('[data-test=trunk-figures]').screenshot({ path: `${pictures}/${label('trunk-figures')}.png` })
    await page.goto(`${mock.url}#/matters`)
    await page.waitForSelector('[data-matter="31"]')
    await page.click('[data-test=all]')
    await page.waitForSelector('[data-matter="28"]')
    await shoot(page, label('matters'))
    await page.click('[data-matter="30"]')
    await page.waitForSelector('[data-test=history] li')
    await shoot(page, label('matter'))
    await page.click('[data-matter="31"]')
    await page.click('[data-test=edit]')
    await page.click('[data-test=save-matter]')
    await page.waitForSelector('[data-test=matter-form] [role=alert]')
    await shoot(page, label('matter-refused'))
    await page.click('[data-test=edit-kinds]')
    await page.click('[data-kind=repair-power] button')
    await page.click('[data-test=save-kind]')
    await page.waitForSelector('[data-test=kind-form] [role=alert]')
    await shoot(page, label('matter-kinds'))
    await page.click('[data-test=import-matters]')
    await page.setInputFiles('[data-test=file]', { name: 'm.csv', mimeType: 'text/csv', buffer: Buffer.from('x') })
    await page.waitForSelector('[data-test=import-result]')
    await shoot(page, label('matters-import'))
    await page.goto(`${mock.url}#/numbers?block=13700003333`)
    await page.waitForSelector('[data-blocked="+8613700001111"]')
    await shoot(page, label('numbers'))
    await page.goto(`${mock.url}#/policies`)
    await page.waitForSelector('[data-step="5"] .wrong')
    await shoot(page, label('policies'))
    await page.goto(`${mock.url}#/calls`)
    await page.waitForSelector('[data-call=c-1]')
    await page.click('[data-call=c-1] button')
    await page.waitForSelector('[data-test=story] li')
    await shoot(page, label('call-story'))
    await page.click('.right .el-button')
    await page.waitForSelector('#login')
    await enter(page, 'plan')
    await page.goto(`${mock.url}#/questionnaires`)
    await page.waitForSelector('[data-test=trial] [data-question=parts]')
    await shoot(page, label('questionnaires'))
    await page.goto(`${mock.url}#/callbacks`)
    await page.waitForSelector('article')
    await page.setInputFiles('[data-test=file]', {
      name: 'sites.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from('x')
    })
    await shoot(page, label('scheduler'))
    await page.click('[data-test=report]')
    await shoot(page, label('report'))
    await page.keyboard.press('Escape')
    await page.waitForTimeout(300)
    await page.goto(`${mock.url}#/reports?campaign=RJ&round=2`)
    await page.waitForSelector('[data-figure=faults]')
    await shoot(page, label('reports'))
    await page.click('#tab-transitions')
    await page.waitForSelector('[data-test=transitions]')
    await shoot(page, label('transitions'))
    await page.click('[data-cell="unresolved>none"]')
    await page.waitForSelector('[data-site]')
    await shoot(page, label('report-sites'))
    await page.goto(`${mock.url}#/callbacks`)
    await page.waitForSelector('article')
    await page.click('[data-test=open-round]')
    await page.click('.el-dialog summary')
    await shoot(page, label('open-round'))
    await page.keyboard.press('Escape')
    await page.waitForTimeout(300)
    await page.goto(`${mock.url}#/planning`)
    await page.waitForSelector('[data-test=weeks] tr.tight')
    await page.waitForSelector('canvas')
    await page.click('[data-cadence="RJ <b>"]')
    await page.waitForSelector('[data-test=second]')
    await page.click('[data-test=save-cadence]')
    await page.waitForSelector('[data-test=cadence-refused]')
    await shoot(page, label('planning'))
    await page.click('nav a[href="#/lines"]')
    await page.waitForSelector('[data-day=mon]')
    await shoot(page, label('lines'))
    await page.fill('[data-day=sat] input >> nth=1', '8:00')
    await page.locator('[data-day=sat] input >> nth=1').blur()
    await page.click('[data-date$="-10-05"]')
    await page.click('[data-test=next-year]')
    await shoot(page, label('lines-wrong'))
    await page.fill('[data-day=sat] input >> nth=1', '13:00')
    await page.locator('[data-day=sat] input >> nth=1').blur()
    await page.click('[data-test=save-line]')
    await page.waitForSelector('[data-test=refused]')
    await shoot(page, label('lines-refused'))
    await page.click('[data-test=new-line]')
    await shoot(page, label('lines-new'))
    await context.close()
  }
}
await browser.close()
mock.close()
for (const problem of problems) console.error(problem)
process.exit(problems.length ? 1 : 0)
