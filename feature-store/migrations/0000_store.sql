CREATE TABLE "agents" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text COLLATE "C" NOT NULL,
	"version" integer NOT NULL,
	"instrument" text NOT NULL,
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
	"known_at_ms" bigint NOT NULL,
	"valid_at_ms" bigint NOT NULL,
	"instrument" text COLLATE "C" NOT NULL,
	"type" text NOT NULL,
	"event" text NOT NULL,
	"raw" text NOT NULL,
	"digest" text NOT NULL,
	CONSTRAINT "observations_source_block_log_index_pk" PRIMARY KEY("source","block","log_index")
);
--> statement-breakpoint
CREATE INDEX "decisions_by_instrument" ON "decisions" USING btree ("instrument","feed_sequence");--> statement-breakpoint
CREATE INDEX "observations_replay" ON "observations" USING btree ("instrument","known_at_ms","source","block","log_index");