-- editions (totalCount)
SELECT count(*)
FROM edition AS e
JOIN prize AS p ON p.id = e.prize_id
WHERE p.slug = 'prix-territoria' AND e.announced_awards >= 53;

-- editions.nodes (year, announcedAwards, announcedGold, awards.totalCount)
SELECT
    e.year, e.announced_awards, e.announced_gold,
    (SELECT count(*) FROM award AS a WHERE a.edition_id = e.id)
FROM edition AS e
JOIN prize AS p ON p.id = e.prize_id
WHERE p.slug = 'prix-territoria' AND e.announced_awards >= 53
ORDER BY e.year DESC;
