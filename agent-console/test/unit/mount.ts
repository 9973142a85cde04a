import { createPinia, type Pinia } from 'pinia'
import { createApp, h, type Component, type FunctionalComponent } from 'vue'
import { i18n } from '../../src/i18n'

const link: FunctionalComponent = (_, { slots }) => h('a', slots.default?.())

/** A component in a page of its own, as the browser would show it. */
export function mount(
  component: Component,
  props: Record<string, unknown>,
  pinia: Pinia = createPinia()
): HTMLElement {
  const element = document.createElement('div')
  document.body.append(element)
  createApp(component, props)
    .use(pinia)
    .use(i18n)
    .component('RouterLink', link)
    .mount(element)
  return element
}
