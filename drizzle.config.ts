import { defineConfig } from 'drizzle-kit'

/** Generates migrations from the schema: `npx drizzle-kit generate`. They are applied when a store opens. */
export default defineConfig({
  dialect: 'postgresql',
  schema: './feature-store/store/schema.ts',
  out: './feature-store/migrations',
})
