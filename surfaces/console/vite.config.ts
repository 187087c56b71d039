import react from '@vitejs/plugin-react'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  // Jira serves the bundle under a path that nobody knows beforehand.
  base: './',
  plugins: [react()],
  resolve: {
    alias: [
      {
        // Atlaskit asks this package for feature gates, and it brings the addresses of a telemetry service along.
        find: /^@atlaskit\/feature-gate-js-client(\/.*)?$/,
        replacement: fileURLToPath(new URL('./src/without-telemetry/feature-gates.ts', import.meta.url)),
      },
    ],
  },
  build: {
    target: 'es2022',
    // Everything is a file of its own: no inlined data that a strict policy would have to allow.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
})
