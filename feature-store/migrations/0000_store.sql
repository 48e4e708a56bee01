CREATE TABLE "agents" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text COLLATE "C" NOT NULL,
	"version" integer NOT NULL,
	"instrument" text NOT NULL,
	"observes" text[] NOT NULL,
	"definition" text NOT NULL,
	"model" text NOT NULL,
	"active_from_ms" bigint NOT NULL,
	"status" text NOT NULL,
	CONSTRAINT "agents_name_unique" UNIQUE("name")
);
--> statement-breakpoint
CREATE TABLE "anchor_batches" (
	"agent" text COLLATE "C" NOT NULL,
	"first_sequence" bigint NOT NULL,
	"count" integer NOT NULL,
	"root" text NOT NULL,
	"status" text NOT NULL,
	"transaction_hash" text NOT NULL,
	"nonce" bigint NOT NULL,
	"max_fee_per_gas" numeric(78, 0) NOT NULL,
	"max_priority_fee_per_gas" numeric(78, 0) NOT NULL,
	"block_number" bigint,
	"block_hash" text,
	"gas_used" bigint,
	CONSTRAINT "anchor_batches_agent_first_sequence_pk" PRIMARY KEY("agent","first_sequence")
);
--> statement-breakpoint
CREATE TABLE "block_headers" (
	"source" text COLLATE "C" NOT NULL,
	"number" bigint NOT NULL,
	"hash" text NOT NULL,
	"parent_hash" text NOT NULL,
	"timestamp_ms" bigint NOT NULL,
	CONSTRAINT "block_headers_source_number_pk" PRIMARY KEY("source","number")
);
--> statement-breakpoint
CREATE TABLE "cursors" (
	"source" text COLLATE "C" NOT NULL,
	"stream" text NOT NULL,
	"block" bigint NOT NULL,
	"block_hash" text,
	"seen_through" bigint DEFAULT -1 NOT NULL,
	CONSTRAINT "cursors_source_stream_pk" PRIMARY KEY("source","stream")
);
--> statement-breakpoint
CREATE TABLE "decisions" (
	"agent" text COLLATE "C" NOT NULL,
	"sequence" bigint NOT NULL,
	"feed_sequence" bigint NOT NULL,
	"kind" text NOT NULL,
	"instrument" text COLLATE "C" NOT NULL,
	"time_ms" bigint NOT NULL,
	"body" text NOT NULL,
	"leaf" text NOT NULL,
	"signature" text NOT NULL,
	CONSTRAINT "decisions_agent_sequence_pk" PRIMARY KEY("agent","sequence"),
	CONSTRAINT "decisions_feed_sequence_unique" UNIQUE("feed_sequence")
);
--> statement-breakpoint
CREATE TABLE "instruments" (
	"id" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "instruments_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"name" text COLLATE "C" NOT NULL,
	CONSTRAINT "instruments_name_unique" UNIQUE("name")
);
--> statement-breakpoint
CREATE TABLE "models" (
	"hash" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"artifact" text NOT NULL,
	"created_at_ms" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "observations" (
	"source" text COLLATE "C" NOT NULL,
	"block" bigint NOT NULL,
	"log_index" integer NOT NULL,
	"visible_at_ms" bigint NOT NULL,
	"known_at_ms" bigint NOT NULL,
	"valid_at_ms" bigint NOT NULL,
	"instrument" integer NOT NULL,
	"lineage" "bytea" NOT NULL,
	"value" text NOT NULL,
	"raw" "bytea" NOT NULL,
	"digest" "bytea" NOT NULL,
	CONSTRAINT "observations_source_block_log_index_pk" PRIMARY KEY("source","block","log_index")
);
--> statement-breakpoint
CREATE TABLE "withdrawals" (
	"source" text COLLATE "C" NOT NULL,
	"visible_at_ms" bigint NOT NULL,
	"ordinal" integer NOT NULL,
	"instrument" integer NOT NULL,
	"fork_block" bigint NOT NULL,
	"fork_hash" text,
	"through_block" bigint NOT NULL,
	"observations" integer NOT NULL,
	"first_visible_at_ms" bigint NOT NULL,
	"first_block" bigint NOT NULL,
	"first_log_index" integer NOT NULL,
	CONSTRAINT "withdrawals_source_visible_at_ms_ordinal_pk" PRIMARY KEY("source","visible_at_ms","ordinal")
);
--> statement-breakpoint
CREATE TABLE "withdrawn_observations" (
	"source" text COLLATE "C" NOT NULL,
	"block" bigint NOT NULL,
	"log_index" integer NOT NULL,
	"visible_at_ms" bigint NOT NULL,
	"known_at_ms" bigint NOT NULL,
	"valid_at_ms" bigint NOT NULL,
	"instrument" integer NOT NULL,
	"lineage" "bytea" NOT NULL,
	"value" text NOT NULL,
	"raw" "bytea" NOT NULL,
	"digest" "bytea" NOT NULL,
	CONSTRAINT "withdrawn_observations_source_block_log_index_visible_at_ms_pk" PRIMARY KEY("source","block","log_index","visible_at_ms")
);
--> statement-breakpoint
CREATE INDEX "decisions_by_instrument" ON "decisions" USING btree ("instrument","feed_sequence");--> statement-breakpoint
CREATE INDEX "observations_replay" ON "observations" USING btree ("instrument","visible_at_ms","source","block","log_index");--> statement-breakpoint
CREATE INDEX "withdrawals_replay" ON "withdrawals" USING btree ("instrument","visible_at_ms");--> statement-breakpoint
CREATE INDEX "withdrawn_observations_replay" ON "withdrawn_observations" USING btree ("instrument","visible_at_ms","source","block","log_index");