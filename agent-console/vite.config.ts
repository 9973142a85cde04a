import vue from '@vitejs/plugin-vue'
import { ElementPlusResolver } from 'unplugin-vue-components/resolvers'
import components from 'unplugin-vue-components/vite'
import { defineConfig } from 'vitest/config'

// `npm run dev` shows the sources against a running engine (or test/mock/server.mjs).
const engine = process.env.CARELINE_URL ?? 'http://127.0.0.1:18000'

export default defineConfig({
  base: './',
  plugins: [
    vue(),
    // Only the parts of Element Plus that a page uses, with their styles, in that page's chunk.
    components({ dirs: [], dts: false, resolvers: [ElementPlusResolver()] })
  ],
  build: {
    target: 'es2022',
    outDir: 'target/bundle',
    chunkSizeWarningLimit: 700,
    reportCompressedSize: false
  },
  server: { proxy: { '/api': { target: engine, ws: true } } },
  test: { environment: 'happy-dom', include: ['test/unit/**/*.test.ts'], css: false, server: { deps: { inline: ['element-plus'] } } }
})
