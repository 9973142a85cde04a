-- A prompt has one name in all languages; the line's own language says which is played.
UPDATE line SET greeting = 'greeting' WHERE greeting IN ('greeting-zh', 'greeting-en');
