-- Figures of the hotline: what they are read by, what an agent's time belonged to, and objections.

-- A call is counted in the interval in which it entered the queue; one that never came so far,
-- in the interval in which it reached us.
ALTER TABLE call_record
  ADD COLUMN entered_at DATETIME(3) AS (COALESCE(joined_at, arrived_at)) VIRTUAL,
  ADD KEY entered (entered_at),
  ADD KEY open_ones (outcome, entered_at),
  ADD KEY answered_by (agent_number, entered_at);

ALTER TABLE agent_event
  ADD COLUMN work VARCHAR(64) NOT NULL DEFAULT '' COMMENT 'call or attempt he was busy with',
  ADD KEY time_of (agent_number, at),
  ADD KEY happened (at);

CREATE TABLE after_call_work (
  agent_number VARCHAR(8)  NOT NULL,
  epoch        BIGINT      NOT NULL,
  seq          BIGINT      NOT NULL,
  call_id      VARCHAR(64) NOT NULL COMMENT 'call or attempt it was for',
  began_at     DATETIME(3) NOT NULL,
  ended_at     DATETIME(3) NULL,
  PRIMARY KEY (agent_number, epoch, seq),
  KEY of_call (call_id),
  KEY not_over (agent_number, ended_at)
) COMMENT 'From the end of the agent''s own leg to his next state; follows from agent_event.';

CREATE TABLE figure_contest (
  id           BIGINT        NOT NULL AUTO_INCREMENT PRIMARY KEY,
  agent_number VARCHAR(8)    NOT NULL COMMENT 'whose figure it is',
  figure       VARCHAR(64)   NOT NULL,
  row_id       VARCHAR(96)   NOT NULL COMMENT 'leg:<call>:<n> or state:<epoch>:<seq>',
  call_id      VARCHAR(64)   NOT NULL COMMENT 'empty for a state without one',
  happened_at  DATETIME(3)   NOT NULL COMMENT 'when the row happened: the figures of that time change',
  text         VARCHAR(2000) NOT NULL,
  raised_by    VARCHAR(64)   NOT NULL COMMENT 'login',
  raised_at    DATETIME(3)   NOT NULL,
  decision     VARCHAR(16)   NULL COMMENT 'accepted or refused; written once',
  reason       VARCHAR(2000) NOT NULL DEFAULT '',
  decided_by   VARCHAR(64)   NULL,
  decided_at   DATETIME(3)   NULL,
  UNIQUE (agent_number, figure, row_id),
  KEY open_ones (decision, raised_at),
  KEY of_time (agent_number, happened_at)
) COMMENT 'An agent objects to a row behind his figures; both his words and the decision are kept.';
