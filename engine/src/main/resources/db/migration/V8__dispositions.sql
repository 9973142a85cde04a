-- What an agent can say a call of the hotline came to; call_record.disposition holds the code.
CREATE TABLE disposition (
  code     VARCHAR(64)  NOT NULL COMMENT 'small letters, digits and _; never reused',
  name_en  VARCHAR(128) NOT NULL,
  name_zh  VARCHAR(128) NOT NULL,
  position INT          NOT NULL COMMENT 'from 1, order on screens',
  PRIMARY KEY (code)
);
INSERT INTO disposition (code, name_en, name_zh, position) VALUES
  ('solved',          'Solved on the phone',            '电话中已解决', 1),
  ('to_dispatch',     'An engineer must go there',      '需派工上门',   2),
  ('to_answer',       'We must call back',              '需回复客户',   3),
  ('passed_on',       'Passed on to a colleague',       '已转同事',     4),
  ('information',     'Information given',              '已提供信息',   5),
  ('wrong_number',    'Wrong number',                   '打错电话',     6),
  ('no_voice',        'Nobody there',                   '无人说话',     7);
