CREATE TABLE "agent_epochs" (
	"agent" text PRIMARY KEY NOT NULL,
	"epoch" integer NOT NULL,
	"key" text NOT NULL,
	"host" text NOT NULL,
	"authority" text,
	"since" bigint NOT NULL
);
