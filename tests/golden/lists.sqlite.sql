SELECT 1, count(*) AS count_1
FROM initiative

SELECT 1, initiative.uid, initiative.slug, initiative.title, initiative.id, initiative.slug AS slug__1
FROM initiative ORDER BY initiative.slug ASC
 LIMIT ? OFFSET ?

SELECT award.initiative_id, award.level, award.edition_id
FROM award
WHERE award.initiative_id IN (SELECT value FROM json_each(?)) ORDER BY award.initiative_id DESC, award.year DESC, award.level_rank DESC, award."key" DESC

SELECT edition.id, edition.year
FROM edition
WHERE edition.id IN (SELECT value FROM json_each(?))
