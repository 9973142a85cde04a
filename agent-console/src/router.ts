import { createRouter, createWebHashHistory, type RouteRecordRaw } from 'vue-router'
import { useSession } from './stores/session'

// Hash paths: the engine serves one file and needs to know no page of ours.
const routes: RouteRecordRaw[] = [
  { path: '/login', name: 'login', component: () => import('./pages/LoginPage.vue') },
  { path: '/work', name: 'work', component: () => import('./pages/WorkPage.vue') },
  { path: '/live', name: 'live', component: () => import('./pages/LivePage.vue') },
  { path: '/tasks', name: 'tasks', component: () => import('./pages/TasksPage.vue') },
  { path: '/matters', name: 'matters', component: () => import('./pages/MattersPage.vue') },
  { path: '/callbacks', name: 'scheduler', component: () => import('./pages/SchedulerPage.vue') },
  { path: '/planning', name: 'planning', component: () => import('./pages/PlanningPage.vue') },
  { path: '/reports', name: 'reports', component: () => import('./pages/ReportsPage.vue') },
  {
    path: '/questionnaires',
    name: 'questionnaires',
    component: () => import('./pages/QuestionnairesPage.vue')
  },
  { path: '/figures', name: 'figures', component: () => import('./pages/FiguresPage.vue') },
  { path: '/my-figures', name: 'myFigures', component: () => import('./pages/MyFiguresPage.vue') },

  { path: '/lines', name: 'lines', component: () => import('./pages/LinesPage.vue') },
  { path: '/calls', name: 'calls', component: () => import('./pages/CallsPage.vue') },
  { path: '/numbers', name: 'numbers', component: () => import('./pages/NumbersPage.vue') },
  { path: '/policies', name: 'policies', component: () => import('./pages/PoliciesPage.vue') },
  { path: '/:rest(.*)', redirect: { name: 'login' } }
]

export const router = createRouter({ history: createWebHashHistory(), routes })

/** Pages this session may open; the engine judges each request again. */
export function pagesFor(session: ReturnType<typeof useSession>): string[] {
  const pages: string[] = []
  if (session.isAgent) pages.push('work')
  if (session.me) pages.push('live')
  if (session.may('agent', 'supervisor', 'admin')) pages.push('tasks', 'matters')
  if (session.may('scheduler', 'supervisor', 'admin')) pages.push('scheduler', 'planning', 'reports', 'questionnaires')
  if (session.may('supervisor', 'admin')) pages.push('figures')
  if (session.isAgent) pages.push('myFigures')

  if (session.may('scheduler', 'supervisor', 'admin')) pages.push('lines')
  if (session.isAgent || session.may('supervisor', 'admin')) pages.push('calls')
  if (session.may('supervisor', 'admin')) pages.push('numbers', 'policies')
  return pages
}

router.beforeEach(async (to) => {
  const session = useSession()
  try {
    await session.find()
  } catch {
    // The engine is away: the login page says so when it is tried.
  }
  if (!session.me) return to.name === 'login' ? true : { name: 'login' }
  const pages = pagesFor(session)
  if (pages.includes(String(to.name))) return true
  return { name: session.home ?? pages[0] ?? 'live' }
})
