CREATE TABLE "grants" (
	"agent" text COLLATE "C" NOT NULL,
	"public_key" text COLLATE "C" NOT NULL,
	"from_ms" bigint NOT NULL,
	"until_ms" bigint,
	"revoked_at_ms" bigint,
	"signature" text NOT NULL,
	CONSTRAINT "grants_agent_public_key_pk" PRIMARY KEY("agent","public_key")
);
--> statement-breakpoint
ALTER TABLE "decisions" ADD COLUMN "reveal_at_ms" bigint;--> statement-breakpoint
ALTER TABLE "decisions" ADD COLUMN "key_hash" text;--> statement-breakpoint
ALTER TABLE "decisions" ADD COLUMN "ciphertext" text;--> statement-breakpoint
ALTER TABLE "decisions" ADD COLUMN "envelope_signature" text;--> statement-breakpoint
CREATE INDEX "decisions_by_reveal" ON "decisions" USING btree ("agent","reveal_at_ms","key_hash") WHERE "decisions"."reveal_at_ms" is not null;