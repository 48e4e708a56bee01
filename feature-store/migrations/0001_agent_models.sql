CREATE TABLE "agent_models" (
	"agent" text NOT NULL,
	"place" integer NOT NULL,
	"model" text NOT NULL,
	"cause" text NOT NULL,
	"given_at_ms" bigint NOT NULL,
	CONSTRAINT "agent_models_agent_place_pk" PRIMARY KEY("agent","place")
);
--> statement-breakpoint
ALTER TABLE "agent_models" ADD CONSTRAINT "agent_models_agent_agents_id_fk" FOREIGN KEY ("agent") REFERENCES "public"."agents"("id") ON DELETE no action ON UPDATE no action;