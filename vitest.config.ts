import { defineConfig } from 'vitest/config'

export default defineConfig({
  resolve: {
    alias: [
      { find: 'touchstone/verify', replacement: `${import.meta.dirname}/decision-log/verify/index.ts` },
      { find: /^touchstone\/(.*)$/, replacement: `${import.meta.dirname}/$1/index.ts` },
    ],
  },
  test: {
    include: ['**/*.test.ts'],
    exclude: ['**/node_modules/**', 'dist/**'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
})
