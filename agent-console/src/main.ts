import { createPinia } from 'pinia'
import { createApp, watch } from 'vue'
import 'element-plus/theme-chalk/base.css'
import './styles/main.css'
import App from './App.vue'
import { onSignedOut } from './api/http'
import { i18n, speak } from './i18n'
import { router } from './router'
import { useSession } from './stores/session'

const app = createApp(App)
app.use(createPinia())
app.use(i18n)
app.use(router)

const session = useSession()
onSignedOut(() => session.lost())
watch(
  () => session.me,
  (me) => {
    if (!me) void router.push({ name: 'login' })
  }
)
speak(i18n.global.locale.value, false)
app.mount('#app')
