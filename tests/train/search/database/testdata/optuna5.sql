BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('v3.2.0.a');
CREATE TABLE studies (
	study_id INTEGER NOT NULL, 
	study_name VARCHAR(512) NOT NULL, 
	PRIMARY KEY (study_id)
);
INSERT INTO "studies" VALUES(1,'mixed');
CREATE TABLE study_directions (
	study_direction_id INTEGER NOT NULL, 
	direction VARCHAR(8) NOT NULL, 
	study_id INTEGER NOT NULL, 
	objective INTEGER NOT NULL, 
	PRIMARY KEY (study_direction_id), 
	UNIQUE (study_id, objective), 
	FOREIGN KEY(study_id) REFERENCES studies (study_id)
);
INSERT INTO "study_directions" VALUES(1,'MAXIMIZE',1,0);
CREATE TABLE study_system_attributes (
	study_system_attribute_id INTEGER NOT NULL, 
	study_id INTEGER, 
	"key" VARCHAR(512), 
	value_json TEXT, 
	PRIMARY KEY (study_system_attribute_id), 
	UNIQUE (study_id, "key"), 
	FOREIGN KEY(study_id) REFERENCES studies (study_id)
);
INSERT INTO "study_system_attributes" VALUES(1,1,'study:metric_names','["ndcg@20"]');
CREATE TABLE study_user_attributes (
	study_user_attribute_id INTEGER NOT NULL, 
	study_id INTEGER, 
	"key" VARCHAR(512), 
	value_json TEXT, 
	PRIMARY KEY (study_user_attribute_id), 
	UNIQUE (study_id, "key"), 
	FOREIGN KEY(study_id) REFERENCES studies (study_id)
);
INSERT INTO "study_user_attributes" VALUES(1,1,'recipe','{"gr\u00f6\u00dfe": [1, null, 0.5, Infinity]}');
CREATE TABLE trial_heartbeats (
	trial_heartbeat_id INTEGER NOT NULL, 
	trial_id INTEGER NOT NULL, 
	heartbeat DATETIME NOT NULL, 
	PRIMARY KEY (trial_heartbeat_id), 
	UNIQUE (trial_id), 
	FOREIGN KEY(trial_id) REFERENCES trials (trial_id)
);
CREATE TABLE trial_intermediate_values (
	trial_intermediate_value_id INTEGER NOT NULL, 
	trial_id INTEGER NOT NULL, 
	step INTEGER NOT NULL, 
	intermediate_value FLOAT, 
	intermediate_value_type VARCHAR(7) NOT NULL, 
	PRIMARY KEY (trial_intermediate_value_id), 
	UNIQUE (trial_id, step), 
	FOREIGN KEY(trial_id) REFERENCES trials (trial_id)
);
INSERT INTO "trial_intermediate_values" VALUES(1,1,0,NULL,'NAN');
INSERT INTO "trial_intermediate_values" VALUES(2,1,1,NULL,'INF_POS');
INSERT INTO "trial_intermediate_values" VALUES(3,1,2,NULL,'INF_NEG');
INSERT INTO "trial_intermediate_values" VALUES(4,1,3,1.78264971513869487258e-03,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(5,2,0,NULL,'NAN');
INSERT INTO "trial_intermediate_values" VALUES(6,2,1,NULL,'INF_POS');
INSERT INTO "trial_intermediate_values" VALUES(7,2,2,NULL,'INF_NEG');
INSERT INTO "trial_intermediate_values" VALUES(8,2,3,1.08813350036358891248e-03,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(9,3,0,NULL,'NAN');
INSERT INTO "trial_intermediate_values" VALUES(10,3,1,NULL,'INF_POS');
INSERT INTO "trial_intermediate_values" VALUES(11,3,2,NULL,'INF_NEG');
INSERT INTO "trial_intermediate_values" VALUES(12,3,3,1.20826662533054661648e-04,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(13,4,0,NULL,'NAN');
INSERT INTO "trial_intermediate_values" VALUES(14,4,1,NULL,'INF_POS');
INSERT INTO "trial_intermediate_values" VALUES(15,4,2,NULL,'INF_NEG');
INSERT INTO "trial_intermediate_values" VALUES(16,4,3,8.03127925811908394138e-02,'FINITE');
CREATE TABLE trial_params (
	param_id INTEGER NOT NULL, 
	trial_id INTEGER, 
	param_name VARCHAR(512), 
	param_value FLOAT, 
	distribution_json TEXT, 
	PRIMARY KEY (param_id), 
	UNIQUE (trial_id, param_name), 
	FOREIGN KEY(trial_id) REFERENCES trials (trial_id)
);
INSERT INTO "trial_params" VALUES(1,1,'IALS.reg',1.78264971513869487258e-03,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0001, "high": 0.1, "log": true}}');
INSERT INTO "trial_params" VALUES(2,1,'IALS.n_components',217.0,'{"name": "IntDistribution", "attributes": {"log": false, "step": 1, "low": 4, "high": 300}}');
INSERT INTO "trial_params" VALUES(3,1,'IALS.loss',1.0,'{"name": "CategoricalDistribution", "attributes": {"choices": ["bpr", "warp", null, true, 2.5]}}');
INSERT INTO "trial_params" VALUES(4,2,'IALS.reg',1.08813350036358891248e-03,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0001, "high": 0.1, "log": true}}');
INSERT INTO "trial_params" VALUES(5,2,'IALS.n_components',121.0,'{"name": "IntDistribution", "attributes": {"log": false, "step": 1, "low": 4, "high": 300}}');
INSERT INTO "trial_params" VALUES(6,2,'IALS.loss',4.0,'{"name": "CategoricalDistribution", "attributes": {"choices": ["bpr", "warp", null, true, 2.5]}}');
INSERT INTO "trial_params" VALUES(7,3,'IALS.reg',1.20826662533054661648e-04,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0001, "high": 0.1, "log": true}}');
INSERT INTO "trial_params" VALUES(8,3,'IALS.n_components',203.0,'{"name": "IntDistribution", "attributes": {"log": false, "step": 1, "low": 4, "high": 300}}');
INSERT INTO "trial_params" VALUES(9,3,'IALS.loss',4.0,'{"name": "CategoricalDistribution", "attributes": {"choices": ["bpr", "warp", null, true, 2.5]}}');
INSERT INTO "trial_params" VALUES(10,4,'IALS.reg',8.03127925811908394138e-02,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0001, "high": 0.1, "log": true}}');
INSERT INTO "trial_params" VALUES(11,4,'IALS.n_components',97.0,'{"name": "IntDistribution", "attributes": {"log": false, "step": 1, "low": 4, "high": 300}}');
INSERT INTO "trial_params" VALUES(12,4,'IALS.loss',2.0,'{"name": "CategoricalDistribution", "attributes": {"choices": ["bpr", "warp", null, true, 2.5]}}');
CREATE TABLE trial_system_attributes (
	trial_system_attribute_id INTEGER NOT NULL, 
	trial_id INTEGER, 
	"key" VARCHAR(512), 
	value_json TEXT, 
	PRIMARY KEY (trial_system_attribute_id), 
	UNIQUE (trial_id, "key"), 
	FOREIGN KEY(trial_id) REFERENCES trials (trial_id)
);
CREATE TABLE trial_user_attributes (
	trial_user_attribute_id INTEGER NOT NULL, 
	trial_id INTEGER, 
	"key" VARCHAR(512), 
	value_json TEXT, 
	PRIMARY KEY (trial_user_attribute_id), 
	UNIQUE (trial_id, "key"), 
	FOREIGN KEY(trial_id) REFERENCES trials (trial_id)
);
INSERT INTO "trial_user_attributes" VALUES(1,1,'epochs','0');
INSERT INTO "trial_user_attributes" VALUES(2,2,'epochs','1');
INSERT INTO "trial_user_attributes" VALUES(3,3,'epochs','2');
INSERT INTO "trial_user_attributes" VALUES(4,4,'epochs','3');
CREATE TABLE trial_values (
	trial_value_id INTEGER NOT NULL, 
	trial_id INTEGER NOT NULL, 
	objective INTEGER NOT NULL, 
	value FLOAT, 
	value_type VARCHAR(7) NOT NULL, 
	PRIMARY KEY (trial_value_id), 
	UNIQUE (trial_id, objective), 
	FOREIGN KEY(trial_id) REFERENCES trials (trial_id)
);
INSERT INTO "trial_values" VALUES(1,1,0,1.78264971513869487258e-03,'FINITE');
INSERT INTO "trial_values" VALUES(2,2,0,1.08813350036358891248e-03,'FINITE');
INSERT INTO "trial_values" VALUES(3,4,0,8.03127925811908394138e-02,'FINITE');
CREATE TABLE trials (
	trial_id INTEGER NOT NULL, 
	number INTEGER, 
	study_id INTEGER, 
	state VARCHAR(8) NOT NULL, 
	datetime_start DATETIME, 
	datetime_complete DATETIME, 
	PRIMARY KEY (trial_id), 
	FOREIGN KEY(study_id) REFERENCES studies (study_id)
);
INSERT INTO "trials" VALUES(1,0,1,'COMPLETE','2026-11-24 12:26:03.883768','2026-11-24 12:26:04.176020');
INSERT INTO "trials" VALUES(2,1,1,'PRUNED','2026-11-24 12:26:04.213771','2026-11-24 12:26:04.444383');
INSERT INTO "trials" VALUES(3,2,1,'FAIL','2026-11-24 12:26:04.476825','2026-11-24 12:26:04.707583');
INSERT INTO "trials" VALUES(4,3,1,'COMPLETE','2026-11-24 12:26:04.740399','2026-11-24 12:26:04.976550');
INSERT INTO "trials" VALUES(5,4,1,'RUNNING','2026-11-24 12:26:05.009199',NULL);
CREATE TABLE version_info (
	version_info_id INTEGER NOT NULL, 
	schema_version INTEGER, 
	library_version VARCHAR(256), 
	PRIMARY KEY (version_info_id), 
	CHECK (version_info_id=1)
);
INSERT INTO "version_info" VALUES(1,12,'5.0.0');
CREATE UNIQUE INDEX ix_studies_study_name ON studies (study_name);
CREATE INDEX ix_trials_study_id ON trials (study_id);
COMMIT;
