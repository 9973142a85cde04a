-- What the dialogue, the queue and the talks of a call came to, and one row for each offer to an agent.
ALTER TABLE call_record
  ADD COLUMN skill           VARCHAR(64) NULL COMMENT 'what an agent had to know',
  ADD COLUMN menu_choice     VARCHAR(32) NULL COMMENT 'install, repair, enquiry, complaint, account_manager',
  ADD COLUMN language        VARCHAR(8)  NULL COMMENT 'of the line: zh, en',
  ADD COLUMN position_joined INT         NULL COMMENT '1 = next; NULL = not known, or never waited',
  ADD COLUMN position_left   INT         NULL COMMENT 'when last offered, turned or lost',
  ADD COLUMN hold_ms         BIGINT      NULL COMMENT 'part of talk_ms',
  ADD COLUMN survey_offered  BOOLEAN     NOT NULL DEFAULT FALSE,
  ADD COLUMN survey_score    TINYINT     NULL COMMENT '1 satisfied, 2 so-so, 3 dissatisfied, 4 unresolved',
  ADD COLUMN disposition     VARCHAR(64) NULL COMMENT 'given by the agent',
  ADD COLUMN ended_leg       INT         NULL COMMENT 'call_leg.n of the last talk';

CREATE TABLE call_leg (
  call_id      VARCHAR(64) NOT NULL,
  n            INT         NOT NULL COMMENT 'from 1 in the order of the call',
  agent_number VARCHAR(8)  NOT NULL,
  offered_at   DATETIME(3) NOT NULL,
  answered_at  DATETIME(3) NULL,
  ended_at     DATETIME(3) NULL,
  result       VARCHAR(16) NULL COMMENT 'answered, missed, rejected, unreachable, engine (ours)',
  hold_ms      BIGINT      NULL,
  wrap_up_ms   BIGINT      NULL COMMENT 'after-call work, when it has ended',
  ended_by     VARCHAR(16) NULL COMMENT 'caller, agent, system; NULL = not answered',
  PRIMARY KEY (call_id, n),
  KEY (agent_number, offered_at),
  KEY (offered_at)
);
